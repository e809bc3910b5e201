// JSON between texts and tables, by the host: the prelude's own takes a thousand times as many steps in Fengari.
//
// What is not plain, or no JSON, is left to the prelude, which says what is wrong with it.

import './fengari.ts';
import lauxlib from 'fengari/src/lauxlib.js';
import lua from 'fengari/src/lua.js';
import type { LuaState, LuaValue } from './fengari.ts';
import type { StateGuard } from './guard.ts';
import { BYTES } from './measure.ts';

type Native = (L: LuaState) => number;
type Entry = { readonly key: LuaValue; readonly value: LuaValue; readonly n: Entry | undefined };
type Table = {
  readonly strong: { readonly size: number; get(key: unknown): Entry | undefined };
  readonly f: Entry | undefined;
  readonly metatable: object | null;
};

/** As deep as the prelude goes. */
const DEEPEST = 1_000;
/** Stands for what is left to the prelude. */
const LEFT: unique symbol = Symbol('left');

/** `decode(text, null, ARRAY)`: true and the value, or nothing. */
export function createDecode(guard: StateGuard): Native {
  return (L) => {
    const bytes = lauxlib.luaL_checkstring(L, 1);
    guard.spend(L, 4 * bytes.length, bytes.length >> 4);
    const value = parse(bytes);
    if (value === LEFT || isDeep(value, 0)) return 0;
    lua.lua_pushboolean(L, true);
    push(L, value);
    return 2;
  };

  function push(L: LuaState, value: unknown): void {
    guard.spend(L, 0, 2);
    lua.lua_checkstack(L, 6);
    if (value === null) lua.lua_pushvalue(L, 2);
    else if (typeof value === 'string') pushText(L, value);
    else if (typeof value === 'boolean') lua.lua_pushboolean(L, value);
    else if (typeof value === 'number') pushNumber(L, value);
    else if (Array.isArray(value)) pushList(L, value);
    else pushObject(L, value as { readonly [key: string]: unknown });
  }

  function pushText(L: LuaState, text: string): void {
    const bytes = encoder.encode(text);
    guard.spend(L, bytes.length + BYTES.text, bytes.length >> 6);
    lua.lua_pushlstring(L, bytes, bytes.length);
  }

  function pushList(L: LuaState, list: readonly unknown[]): void {
    guard.spend(L, BYTES.table + list.length * BYTES.entry);
    lua.lua_createtable(L, list.length, 0);
    for (const [index, item] of list.entries()) {
      push(L, item);
      lua.lua_rawseti(L, -2, index + 1);
    }
    lua.lua_pushvalue(L, 3);
    lua.lua_setmetatable(L, -2);
  }

  /** With the order of its names, as the prelude has it. */
  function pushObject(L: LuaState, object: { readonly [key: string]: unknown }): void {
    const names = Object.keys(object);
    guard.spend(L, 3 * BYTES.table + (2 * names.length + 1) * BYTES.entry);
    lua.lua_createtable(L, 0, names.length);
    lua.lua_createtable(L, names.length, 0);
    for (const [index, name] of names.entries()) {
      pushText(L, name);
      lua.lua_pushvalue(L, -1);
      lua.lua_rawseti(L, -3, index + 1);
      push(L, object[name]);
      lua.lua_rawset(L, -4);
    }
    lua.lua_createtable(L, 0, 1);
    lua.lua_insert(L, -2);
    lua.lua_setfield(L, -2, ORDER);
    lua.lua_setmetatable(L, -2);
  }
}

/** `encode(value, null, ARRAY)`: the text, or nothing. */
export function createEncode(guard: StateGuard): Native {
  return (L) => {
    const valueAt = (index: number) => L.stack[L.top - 4 + index] as LuaValue;
    if (lua.lua_gettop(L) !== 3) return 0;
    const [value, nothing, list] = [valueAt(1), valueAt(2).value, valueAt(3).value];
    return guard.collecting((hold) => {
      const text = encode(value, nothing, list, (bytes) => hold(L, bytes));
      if (text === LEFT) return 0;
      const bytes = encoder.encode(text);
      lua.lua_pushlstring(L, bytes, bytes.length);
      return 1;
    });
  };
}

/** `grow` is told of what is about to be written: one table may be there often. */
function encode(value: LuaValue, nothing: unknown, list: unknown, grow: (bytes: number) => void): string | typeof LEFT {
  function write(item: LuaValue, depth: number): string | typeof LEFT {
    grow(8);
    if (item.value === nothing) return 'null';
    switch (typeOf(item)) {
      case LUA_TNIL:
        return 'null';
      case LUA_TBOOLEAN:
        return item.value === true ? 'true' : 'false';
      case LUA_TNUMBER:
        return Number.isFinite(item.value) ? String(item.value) : LEFT;
      case LUA_TSTRING:
        return quote(item);
      case LUA_TTABLE:
        return depth > DEEPEST ? LEFT : writeTable(item.value as Table, depth);
      default:
        return LEFT;
    }
  }

  function quote(item: LuaValue): string | typeof LEFT {
    const { realstring } = item.value as { readonly realstring: Uint8Array };
    grow(2 * realstring.length + 2);
    try {
      return JSON.stringify(strict.decode(realstring));
    } catch {
      return LEFT;
    }
  }

  function writeTable(table: Table, depth: number): string | typeof LEFT {
    const { size } = table.strong;
    grow(2 + size);
    if (size === 0) return table.metatable === list ? '[]' : '{}';
    return table.f?.key.type === LUA_TNUMINT ? writeList(table, size, depth) : writeObject(table, depth);
  }

  function writeList(table: Table, size: number, depth: number): string | typeof LEFT {
    const parts: string[] = [];
    for (let index = 1; index <= size; index++) {
      const entry = table.strong.get(index);
      const text = entry === undefined ? LEFT : write(entry.value, depth + 1);
      if (text === LEFT) return LEFT;
      parts.push(text);
    }
    return `[${parts.join(',')}]`;
  }

  function writeObject(table: Table, depth: number): string | typeof LEFT {
    const parts: (readonly [string, string])[] = [];
    for (let entry = table.f; entry !== undefined; entry = entry.n) {
      const name = typeOf(entry.key) === LUA_TSTRING ? quote(entry.key) : LEFT;
      const text = name === LEFT ? LEFT : write(entry.value, depth + 1);
      if (name === LEFT || text === LEFT) return LEFT;
      parts.push([name, text]);
    }
    parts.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${parts.map(([name, text]) => `${name}:${text}`).join(',')}}`;
  }

  return write(value, 0);
}

const { LUA_TBOOLEAN, LUA_TNIL, LUA_TNUMBER, LUA_TSTRING, LUA_TTABLE } = lua;
/** A whole number, among the numbers. */
const LUA_TNUMINT = LUA_TNUMBER | (1 << 4);

/** The type without its variant. */
function typeOf({ type }: LuaValue): number {
  return type & 0x0f;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(strict.decode(bytes));
  } catch {
    return LEFT;
  }
}

function isDeep(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth > DEEPEST || Object.values(value).some((item) => isDeep(item, depth + 1));
}

function pushNumber(L: LuaState, value: number): void {
  if ((value | 0) === value && !Object.is(value, -0)) lua.lua_pushinteger(L, value);
  else lua.lua_pushnumber(L, value);
}

const encoder = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ORDER = encoder.encode('__jsonorder');
