// Core modules as agents: one file that exports AGENT and run over the smallest ABI, in threads that hold nothing else.
import { type Limits, MOST_JSON_DEPTH, PypesError, type Runtime, type SourceFile } from '@pypes/contract';
import type { FileText } from '../../threads/file-text.ts';
import type { ThreadOptions } from '../../threads/options.ts';
import { languageAt } from '../../threads/pool/thread.ts';
import { createThreadRuntime } from '../../threads/runtime.ts';
import { boundModule } from '../memory.ts';
import type { CoreAttachment } from './attachment.ts';
import { readCoreModule } from './read/core-module.ts';

const LANGUAGE = languageAt(new URL('./guest/', import.meta.url), 'load');

/**
 * The runtime of `.wasm` files that are no components. AGENT is read from the bytes; every call has an instance of its
 * own (or each user, where the module can be reset), and nothing of a module runs outside of a call.
 *
 * @example
 * const runtime = createCoreModuleRuntime();
 * const [agent] = await runtime.load(file, DEFAULT_LIMITS);
 */
export function createCoreModuleRuntime(options: ThreadOptions = {}): Runtime {
  return createThreadRuntime({
    name: 'core module',
    extensions: ['.wasm'],
    sandboxed: true,
    language: LANGUAGE,
    options: { threads: 24, threadsPerFile: 4, isMetered: true, ...options },
    read: readFile,
  });
}

async function readFile({ bytes, path }: SourceFile, { guestBytes }: Limits): Promise<FileText> {
  const { metadata, waits, starts, resets } = readCoreModule(bytes, path, guestBytes);
  const module = await compile(boundModule(bytes, guestBytes, path), path);
  const attachment: CoreAttachment = { module, waits, starts, resets, mostDepth: MOST_JSON_DEPTH };
  return { url: path, code: '', agent: [metadata], prepare: async () => attachment };
}

/** On the engine's own threads: the host goes on meanwhile. */
async function compile(module: Uint8Array<ArrayBuffer>, path: string): Promise<WebAssembly.Module> {
  try {
    return await WebAssembly.compile(module);
  } catch (error) {
    const message = `The module is no valid WebAssembly: ${(error as Error).message.replace(/^[^:]*: /, '')}`;
    throw new PypesError('agent_broken', message, { details: { file: path }, cause: error });
  }
}
