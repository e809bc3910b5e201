// The runtime of Python files that the operator trusts: persistent CPython workers, one call at a time in each.
export type { Launch, PythonOptions } from './options.ts';
export { createPythonRuntime } from './runtime.ts';
