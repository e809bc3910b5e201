// The Lua engine of the tests: wasmoon, which is in the workspace for the Lua runtime.
import type { LuaEngine } from '../check/lua.ts';

export const wasmoon: LuaEngine = async (chunk, input) => {
  const { LuaFactory } = await import('wasmoon');
  const lua = await new LuaFactory().createEngine();
  try {
    lua.global.set('INPUT', input);
    return (await lua.doString(chunk)) as string;
  } finally {
    lua.global.close();
  }
};
