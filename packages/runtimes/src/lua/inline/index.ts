// The Lua runtime for the edge.
export { createInlineLua } from './runtime.ts';
