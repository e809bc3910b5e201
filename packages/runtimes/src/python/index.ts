// The runtimes of Python files: persistent CPython workers for those that the operator trusts, and the same in sandboxes.
export type { Launch, PythonOptions } from './options.ts';
export { createHome, removeHome } from './process/home.ts';
export { createPyodideRuntime, findWorkerd, type PyodideOptions, readUsages } from './pyodide/index.ts';
export { createPythonRuntime } from './runtime.ts';
export { type Bubblewrap, findBubblewrap } from './sandbox/bubblewrap.ts';
export type { SandboxOptions } from './sandbox/options.ts';
export { createPythonSandbox } from './sandbox/sandbox.ts';
