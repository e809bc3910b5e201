// The thread that transpiles one component and ends.
import { parentPort, workerData } from 'node:worker_threads';
import { $init, generate } from '@bytecodealliance/jco-transpile/component';
import { describeRefusal, type TranspileOptions, transpileWith } from './tool.ts';

const { bytes, options } = workerData as { readonly bytes: Uint8Array; readonly options: TranspileOptions };
await $init;
try {
  parentPort?.postMessage({ done: transpileWith(generate, bytes, options) });
} catch (error) {
  if (error instanceof WebAssembly.RuntimeError) throw error;
  parentPort?.postMessage({ refused: describeRefusal(error) });
}
