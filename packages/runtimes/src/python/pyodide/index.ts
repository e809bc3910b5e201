// Pyodide in workerd: the Python sandbox of machines without bubblewrap.
export type { PyodideOptions } from './options.ts';
export { createPyodideRuntime } from './pyodide.ts';
export { readUsages } from './usage.ts';
export { findWorkerd } from './workerd.ts';
