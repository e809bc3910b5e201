// WebAssembly components, and core modules over a small ABI, as agents (spec 4, dynamic loading).
export { type ComponentOptions, createComponentRuntime } from './runtime.ts';
