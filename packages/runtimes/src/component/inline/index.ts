// WebAssembly components at the edge: portable, with the transpiler and the isolates given to it.
export type { ComponentIsolates } from './isolate.ts';
export type { Transpile } from './read.ts';
export { createInlineComponents } from './runtime.ts';
export { type CreateTool, createTranspiler } from './transpiler.ts';
export { createLoaderIsolates, type WorkerLoader } from './worker-loader.ts';
