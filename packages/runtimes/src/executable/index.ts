// The runtime of executable files, in whatever language they are written, for files that the operator trusts.
export { createExecutableRuntime, type ExecutableOptions } from './runtime.ts';
