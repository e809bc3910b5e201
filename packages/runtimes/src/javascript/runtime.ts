// JavaScript and TypeScript with the full power of Node: for files that the operator trusts.
import type { Runtime } from '@pypes/contract';
import type { ThreadOptions } from '../threads/options.ts';
import { languageAt } from '../threads/pool/thread.ts';
import { createThreadRuntime } from '../threads/runtime.ts';
import { readAgentFile } from './source/read.ts';

export type JavascriptOptions = ThreadOptions;

const LANGUAGE = languageAt(new URL('./guest/', import.meta.url), 'load');

/**
 * The runtime of trusted `.js`, `.mjs` and `.ts` files. Metadata is read by parsing; calls run in worker threads, which
 * one version of one file has for itself.
 *
 * @example
 * const runtime = createJavascriptRuntime({});
 * const [agent] = await runtime.load(file, DEFAULT_LIMITS);
 * await agent.run(context, { city: 'Oslo' });
 * await runtime.close();
 */
export function createJavascriptRuntime(options: JavascriptOptions = {}): Runtime {
  return createThreadRuntime({
    name: 'javascript',
    extensions: ['.js', '.mjs', '.ts'],
    sandboxed: false,
    language: LANGUAGE,
    options,
    read: readAgentFile,
  });
}
