// The parts of fengari that the edge's Lua uses; the package brings no types.

type Bytes = Uint8Array;
type State = import('./fengari.ts').LuaState;
type Native = (L: State) => number;

declare module 'fengari/src/lua.js' {
  const lua: {
    readonly LUA_OK: number;
    readonly LUA_OPADD: number;
    readonly LUA_OPMUL: number;
    readonly LUA_OPSUB: number;
    readonly LUA_OPUNM: number;
    readonly LUA_YIELD: number;
    readonly LUA_MASKCOUNT: number;
    readonly LUA_REGISTRYINDEX: number;
    readonly LUA_TBOOLEAN: number;
    readonly LUA_TFUNCTION: number;
    readonly LUA_TNIL: number;
    readonly LUA_TNUMBER: number;
    readonly LUA_TSTRING: number;
    readonly LUA_TTABLE: number;
    lua_atnativeerror(L: State, handler: Native): unknown;
    lua_call(L: State, given: number, wanted: number): void;
    lua_checkstack(L: State, more: number): boolean;
    lua_createtable(L: State, items: number, names: number): void;
    lua_geti(L: State, index: number, key: number): number;
    lua_getfield(L: State, index: number, name: Bytes): number;
    lua_gettable(L: State, index: number): number;
    lua_getglobal(L: State, name: Bytes): number;
    lua_gettop(L: State): number;
    lua_insert(L: State, index: number): void;
    lua_newthread(L: State): State;
    lua_pcall(L: State, given: number, wanted: number, handler: number): number;
    lua_pop(L: State, count: number): void;
    lua_pushboolean(L: State, value: boolean | number): void;
    lua_pushcclosure(L: State, body: Native, upvalues: number): void;
    lua_pushcfunction(L: State, body: Native): void;
    lua_pushinteger(L: State, value: number): void;
    lua_pushlstring(L: State, bytes: Bytes, length: number): void;
    lua_pushnil(L: State): void;
    lua_pushnumber(L: State, value: number): void;
    lua_pushvalue(L: State, index: number): void;
    lua_rawgeti(L: State, index: number, key: number): number;
    lua_rawset(L: State, index: number): void;
    lua_rawseti(L: State, index: number, key: number): void;
    lua_remove(L: State, index: number): void;
    lua_replace(L: State, index: number): void;
    lua_resume(L: State, from: State | null, given: number): number;
    lua_setfield(L: State, index: number, name: Bytes): void;
    lua_setglobal(L: State, name: Bytes): void;
    lua_setmetatable(L: State, index: number): void;
    lua_sethook(L: State, hook: (L: State) => void, mask: number, count: number): void;
    lua_settop(L: State, top: number): void;
    lua_tocfunction(L: State, index: number): Native | null;
    lua_toboolean(L: State, index: number): boolean;
    lua_tolstring(L: State, index: number): Bytes | null;
    lua_tostring(L: State, index: number): Bytes | null;
    lua_touserdata(L: State, index: number): unknown;
    lua_type(L: State, index: number): number;
    lua_upvalueindex(index: number): number;
    lua_xmove(from: State, to: State, count: number): void;
  };
  export default lua;
}

declare module 'fengari/src/lauxlib.js' {
  const lauxlib: {
    luaL_argerror(L: State, argument: number, message: Bytes): never;
    luaL_checkinteger(L: State, index: number): number;
    luaL_checkstring(L: State, index: number): Bytes;
    luaL_error(L: State, format: Bytes, ...values: unknown[]): never;
    luaL_len(L: State, index: number): number;
    luaL_loadbufferx(L: State, text: Bytes, length: number, name: Bytes, mode: Bytes): number;
    luaL_newstate(): State;
    luaL_optinteger(L: State, index: number, otherwise: number): number;
    luaL_ref(L: State, index: number): number;
    luaL_requiref(L: State, name: Bytes, open: Native, isGlobal: number): void;
    luaL_tolstring(L: State, index: number): Bytes;
    luaL_typename(L: State, index: number): Bytes;
    luaL_unref(L: State, index: number, reference: number): void;
  };
  export default lauxlib;
}

declare module 'fengari/src/lualib.js' {
  const lualib: {
    readonly luaopen_base: Native;
    readonly luaopen_coroutine: Native;
    readonly luaopen_math: Native;
    readonly luaopen_os: Native;
    readonly luaopen_string: Native;
    readonly luaopen_table: Native;
    readonly luaopen_utf8: Native;
  };
  export default lualib;
}

declare module 'fengari/src/ldebug.js' {
  const ldebug: {
    luaG_traceexec(L: State): void;
    luaG_runerror(L: State, format: Bytes, ...values: unknown[]): never;
  };
  export default ldebug;
}
declare module 'fengari/src/lstring.js' {
  const lstring: { readonly TString: { readonly prototype: object }; luaS_hash(bytes: Bytes): string };
  export default lstring;
}
declare module 'fengari/src/lobject.js' {
  type LuaValue = import('./fengari.ts').LuaValue;
  const lobject: {
    readonly TValue: { readonly prototype: { ttisinteger(this: LuaValue): boolean } };
    luaO_str2num(text: Bytes, into: LuaValue): number;
    luaO_arith(L: State | null, operator: number, left: LuaValue, right: LuaValue, into: LuaValue | number): void;
  };
  export default lobject;
}
declare module 'fengari/src/lopcodes.js' {
  const lopcodes: { readonly OpCodesI: { readonly [name: string]: number } };
  export default lopcodes;
}
