// JavaScript and TypeScript from strangers: QuickJS in WebAssembly, computation and `context`, nothing of the machine.
import type { Runtime } from '@pypes/contract';
import type { ThreadOptions } from '../../threads/options.ts';
import { languageAt } from '../../threads/pool/thread.ts';
import { createThreadRuntime } from '../../threads/runtime.ts';
import { stripAsNode } from '../source/strip.ts';
import { readSandboxFile } from './read.ts';

export type JavascriptSandboxOptions = ThreadOptions;

const LANGUAGE = languageAt(
  new URL('./guest/', import.meta.url),
  'load',
  new URL('./inside/', import.meta.url),
  new URL('../guest/', import.meta.url),
);

/**
 * The sandbox for `.js`, `.mjs` and `.ts` files. Calls run in worker threads, in a QuickJS that no two users share.
 *
 * @example
 * const runtime = createJavascriptSandbox();
 * const [agent] = await runtime.load(file, DEFAULT_LIMITS);
 */
export function createJavascriptSandbox(options: JavascriptSandboxOptions = {}): Runtime {
  return createThreadRuntime({
    name: 'javascript',
    extensions: ['.js', '.mjs', '.ts'],
    sandboxed: true,
    language: LANGUAGE,
    // An idle thread with an engine keeps a dozen megabytes: few are kept, and not for long.
    options: { threads: 12, threadsPerFile: 4, idleMs: 10_000, ...options },
    read: (file) => readSandboxFile(file, stripAsNode),
  });
}
