// The thread that transpiles one component and ends.
import { registerHooks } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { describeRefusal, type TranspileOptions, transpileWith } from './tool.ts';

/** What the tool has of WASI. Its kind for Node starts one more thread when it is imported, and that needs a file of its own. */
const WASI = '@bytecodealliance/preview2-shim/';

registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, specifier.startsWith(WASI) ? { ...context, conditions: ['import'] } : context),
});
const { $init, generate } = await import('@bytecodealliance/jco-transpile/component');

const { bytes, options } = workerData as { readonly bytes: Uint8Array; readonly options: TranspileOptions };
await $init;
try {
  parentPort?.postMessage({ done: transpileWith(generate, bytes, options) });
} catch (error) {
  if (error instanceof WebAssembly.RuntimeError) throw error;
  parentPort?.postMessage({ refused: describeRefusal(error) });
}
