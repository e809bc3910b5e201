// The Lua runtime.
export { createLuaRuntime, type LuaOptions } from './runtime.ts';
