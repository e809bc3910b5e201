// From a component to JavaScript glue and core modules: in a thread that is thrown away, for a panic poisons its tool.
import { Worker } from 'node:worker_threads';
import { PypesError } from '@pypes/contract';
import type { Transpiled, TranspileOptions } from './tool.ts';
import { holdToolCode } from './tool-code.ts';

const ENTRY = new URL(`./worker${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url);
/** The tool is WebAssembly and grows its memory outside of this; its JavaScript needs little. */
const HEAP_MEBIBYTES = 512;

/** @throws PypesError `agent_broken` where the tool refuses the component, crashes, or takes too long */
export function transpile(
  bytes: Uint8Array,
  options: TranspileOptions,
  { path, deadlineMs }: { readonly path: string; readonly deadlineMs: number },
): Promise<Transpiled> {
  const worker = new Worker(ENTRY, {
    name: 'transpile',
    workerData: { bytes, options },
    env: {},
    stdout: true,
    stderr: true,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEBIBYTES },
  });
  const code = holdToolCode();
  return new Promise<Transpiled>((resolve, reject) => {
    const fail = (what: string, cause?: unknown) => {
      const details = { file: path };
      reject(new PypesError('agent_broken', `The component cannot be transpiled: ${what}`, { details, cause }));
    };
    const timer = setTimeout(() => fail(`the tool took longer than ${deadlineMs} ms`), deadlineMs);
    worker.on('message', (answer: { readonly done: Transpiled } | { readonly refused: string }) => {
      if ('done' in answer) resolve(answer.done);
      else fail(answer.refused);
    });
    worker.on('error', (error) => fail(`the tool crashed (${error.message})`, error));
    worker.on('exit', () => {
      clearTimeout(timer);
      fail('the tool ended without an answer');
    });
  }).finally(() => {
    code.release();
    return worker.terminate();
  });
}
