// Lua 5.4 in WebAssembly, the same sandbox for everybody: computation and `context`, nothing of the machine.
import type { Runtime } from '@pypes/contract';
import type { ThreadOptions } from '../threads/options.ts';
import { languageAt } from '../threads/pool/thread.ts';
import { createThreadRuntime } from '../threads/runtime.ts';
import { readLuaFile } from './read.ts';

export type LuaOptions = ThreadOptions;

const LANGUAGE = languageAt(new URL('./guest/', import.meta.url), 'load');

/**
 * The runtime of `.lua` files. Calls run in worker threads, with a Lua state for each (file version, user); AGENT is
 * read by running the file there.
 *
 * @example
 * const runtime = createLuaRuntime();
 * const [agent] = await runtime.load(file, DEFAULT_LIMITS);
 */
export function createLuaRuntime(options: LuaOptions = {}): Runtime {
  return createThreadRuntime({
    name: 'lua',
    extensions: ['.lua'],
    sandboxed: true,
    language: LANGUAGE,
    // An idle thread with an engine keeps a dozen megabytes: few are kept, and not for long.
    options: { threads: 12, threadsPerFile: 4, idleMs: 10_000, ...options },
    read: (file) => readLuaFile(file),
  });
}
