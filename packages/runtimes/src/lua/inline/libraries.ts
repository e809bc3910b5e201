// The libraries of Lua, each function that can make much, or take long, bounded by the guard of its state.

// First: the order in which Fengari's modules are loaded matters.
import './fengari.ts';
import lauxlib from 'fengari/src/lauxlib.js';
import lua from 'fengari/src/lua.js';
import lualib from 'fengari/src/lualib.js';
import { type LuaState, raise } from './fengari.ts';
import type { StateGuard } from './guard.ts';
import { join } from './join.ts';
import { BYTES } from './measure.ts';
import { createPatternLibrary } from './patterns.ts';

type Native = (L: LuaState) => number;
/** Acts before a function of a library does. */
type Before = (L: LuaState) => void;

const { luaL_checkinteger, luaL_checkstring, luaL_len, luaL_optinteger } = lauxlib;
const { LUA_TFUNCTION, LUA_TSTRING } = lua;

/** Values that a function may leave on the stack. */
const MOST_RESULTS = 50_000;
/** What a compiled chunk begins with: it is refused, however it goes on. */
const COMPILED = 0x1b;
/** What a byte of source text becomes. */
const CODE_BYTES = 64;

const LIBRARIES: readonly (readonly [string, Native])[] = [
  ['_G', lualib.luaopen_base],
  ['coroutine', lualib.luaopen_coroutine],
  ['table', lualib.luaopen_table],
  ['string', lualib.luaopen_string],
  ['math', lualib.luaopen_math],
  ['utf8', lualib.luaopen_utf8],
  ['os', lualib.luaopen_os],
];

/** Opens the libraries in a new state. */
export function openLibraries(L: LuaState, guard: StateGuard): void {
  for (const [name, open] of LIBRARIES) {
    lauxlib.luaL_requiref(L, bytesOf(name), open, 1);
    lua.lua_pop(L, 1);
  }
  replace(L, 'string', { ...createPatternLibrary(guard), rep: createRep(guard) });
  replace(L, 'table', { concat: createConcat(guard) });
  replace(L, '_G', { load: createLoad(guard, originalOf(L, '_G', 'load')) });
  for (const [library, functions] of Object.entries(createBounds(guard))) {
    for (const [name, before] of Object.entries(functions)) {
      const original = originalOf(L, library, name);
      const bounded: Native = (state) => {
        before(state);
        const results = original(state);
        if (results === 1 && lua.lua_type(state, -1) === LUA_TSTRING)
          guard.spend(state, lengthAt(state, -1) + BYTES.text);
        return results;
      };
      replace(L, library, { [name]: bounded });
    }
  }
}

/** What the other functions may need, said before they run. */
function createBounds(guard: StateGuard): { readonly [library: string]: { readonly [name: string]: Before } } {
  /** As much as the texts that they are given. */
  const likeGiven: Before = (L) => {
    let bytes = 256;
    for (let index = 1; index <= lua.lua_gettop(L); index++) {
      if (lua.lua_type(L, index) === LUA_TSTRING) bytes += lengthAt(L, index) + 32;
    }
    guard.spend(L, bytes, bytes >> 5);
  };
  /** Quoted, a byte may take four. */
  const quoted: Before = (L) => {
    for (let times = 0; times < 4; times++) likeGiven(L);
  };
  /** Each value that they are given. */
  const each: Before = (L) => guard.spend(L, lua.lua_gettop(L) * BYTES.entry, lua.lua_gettop(L));
  const range = (first: number, last: number): Before => {
    return (L) => {
      const length = lua.lua_type(L, 1) === LUA_TSTRING ? lengthAt(L, 1) : luaL_len(L, 1);
      const from = luaL_optinteger(L, first, 1);
      const to = luaL_optinteger(L, last, lua.lua_type(L, 1) === LUA_TSTRING ? from : length);
      const count = Math.min(to < 0 ? length + to + 1 : to, 2 ** 31) - (from < 0 ? length + from + 1 : from);
      if (count >= MOST_RESULTS) raise(L, `too many results: ${MOST_RESULTS} at most`);
      guard.spend(L, Math.max(0, count) * 40, Math.max(0, count));
    };
  };
  const nothing: Before = () => {};
  /** A format can ask for blanks by the million. */
  const packed: Before = (L) => {
    const sizes = latin1(luaL_checkstring(L, 1)).match(/\d+/g) ?? [];
    guard.spend(
      L,
      sizes.reduce((sum, size) => sum + Math.min(Number(size), 2 ** 31), 0),
    );
    likeGiven(L);
  };
  return {
    string: {
      byte: range(2, 3),
      char: each,
      format: quoted,
      lower: likeGiven,
      pack: packed,
      packsize: packed,
      reverse: likeGiven,
      sub: nothing,
      unpack: likeGiven,
      upper: likeGiven,
    },
    utf8: { char: each, codepoint: range(2, 3), len: stepsOfText(guard), offset: stepsOfText(guard) },
    table: {
      insert: (L) => guard.spend(L, BYTES.entry, lua.lua_gettop(L) < 3 ? 1 : distance(L, luaL_checkinteger(L, 2))),
      move: (L) => {
        const count = Math.max(0, luaL_checkinteger(L, 3) - luaL_checkinteger(L, 2) + 1);
        guard.spend(L, 0, count);
        guard.spend(L, Math.min(count, luaL_len(L, 1)) * BYTES.entry);
      },
      pack: each,
      remove: (L) => guard.spend(L, 0, lua.lua_gettop(L) < 2 ? 1 : distance(L, luaL_checkinteger(L, 2))),
      sort: (L) => {
        const count = luaL_len(L, 1);
        guard.spend(L, 0, Math.ceil(count * Math.log2(count + 2)));
      },
      unpack: range(2, 3),
    },
    coroutine: { create: (L) => guard.spend(L, BYTES.coroutine), wrap: (L) => guard.spend(L, BYTES.coroutine) },
    os: { date: likeGiven },
    _G: { tostring: nothing, select: nothing },
  };
}

function distance(L: LuaState, position: number): number {
  return Math.max(1, luaL_len(L, 1) - position);
}

function stepsOfText(guard: StateGuard): Before {
  return (L) => guard.spend(L, 0, lua.lua_type(L, 1) === LUA_TSTRING ? lengthAt(L, 1) >> 4 : 0);
}

function createRep(guard: StateGuard): Native {
  return (L) => {
    const text = luaL_checkstring(L, 1);
    const count = Math.max(0, luaL_checkinteger(L, 2));
    const separator = lua.lua_gettop(L) < 3 ? new Uint8Array() : luaL_checkstring(L, 3);
    const length = count === 0 ? 0 : count * text.length + (count - 1) * separator.length;
    guard.spend(L, length + BYTES.text, length >> 6);
    const bytes = new Uint8Array(length);
    const unit = text.length + separator.length;
    if (length > 0) {
      bytes.set(text);
      bytes.set(separator.subarray(0, length - text.length), text.length);
      // What is there already is doubled.
      for (let done = unit; done < length; done *= 2) bytes.copyWithin(done, 0, Math.min(done, length - done));
    }
    lua.lua_pushlstring(L, bytes, length);
    return 1;
  };
}

function createConcat(guard: StateGuard): Native {
  return (L) => {
    const last = luaL_optinteger(L, 4, luaL_len(L, 1));
    const separator = lua.lua_type(L, 2) <= 0 ? new Uint8Array() : luaL_checkstring(L, 2);
    const first = luaL_optinteger(L, 3, 1);
    return guard.collecting((hold) => {
      const parts: Uint8Array[] = [];
      for (let index = first; index <= last; index++) {
        lua.lua_geti(L, 1, index);
        const bytes = lua.lua_tostring(L, -1);
        if (bytes === null) {
          raise(L, `invalid value (${latin1(lauxlib.luaL_typename(L, -1))}) at index ${index} in table for 'concat'`);
        }
        parts.push(bytes as Uint8Array);
        lua.lua_pop(L, 1);
        if (index < last && separator.length > 0) parts.push(separator);
        hold(L, (bytes as Uint8Array).length + separator.length + BYTES.slot);
      }
      pushJoined(L, parts);
      return 1;
    });
  };
}

/** `load` of one text, also where a function gives it piece by piece: so that its length is known before. */
function createLoad(guard: StateGuard, original: Native): Native {
  return (L) => {
    if (lua.lua_type(L, 1) === LUA_TFUNCTION) {
      guard.collecting((hold) => pushJoined(L, readPieces(L, hold)));
      lua.lua_replace(L, 1);
      if (lua.lua_gettop(L) < 2 || lua.lua_type(L, 2) <= 0) {
        while (lua.lua_gettop(L) < 2) lua.lua_pushnil(L);
        lua.lua_pushlstring(L, bytesOf('=(load)'), 7);
        lua.lua_replace(L, 2);
      }
    }
    if (lua.lua_type(L, 1) === LUA_TSTRING) {
      const length = lengthAt(L, 1);
      guard.spend(L, length * CODE_BYTES, length);
    }
    return original(L);
  };
}

/** What the function at 1 gives until it gives nothing more. */
function readPieces(L: LuaState, hold: (L: LuaState, bytes: number) => void): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (;;) {
    lua.lua_pushvalue(L, 1);
    lua.lua_call(L, 0, 1);
    const piece = lua.lua_type(L, -1) === LUA_TSTRING ? (lua.lua_tostring(L, -1) as Uint8Array) : new Uint8Array();
    lua.lua_pop(L, 1);
    if (piece.length === 0) return pieces;
    hold(L, piece.length * CODE_BYTES + BYTES.slot);
    pieces.push(piece);
    if (pieces.length === 1 && piece[0] === COMPILED) return pieces;
  }
}

function pushJoined(L: LuaState, parts: readonly Uint8Array[]): void {
  const joined = join(parts);
  lua.lua_pushlstring(L, joined, joined.length);
}

function originalOf(L: LuaState, library: string, name: string): Native {
  lua.lua_getglobal(L, bytesOf(library));
  lua.lua_getfield(L, -1, bytesOf(name));
  const original = lua.lua_tocfunction(L, -1);
  lua.lua_pop(L, 2);
  if (original === null) throw new Error(`Lua has no function ${library}.${name}`);
  return original;
}

function replace(L: LuaState, library: string, functions: { readonly [name: string]: Native }): void {
  lua.lua_getglobal(L, bytesOf(library));
  for (const [name, body] of Object.entries(functions)) {
    lua.lua_pushcfunction(L, body);
    lua.lua_setfield(L, -2, bytesOf(name));
  }
  lua.lua_pop(L, 1);
}

function lengthAt(L: LuaState, index: number): number {
  return lua.lua_tolstring(L, index)?.length ?? 0;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('latin1');

function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

function latin1(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
