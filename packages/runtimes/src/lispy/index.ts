// LisPy agents, in both notations.
export { createLispyRuntime } from './runtime.ts';
