// string.find, match, gmatch and gsub over the counting matcher.

// First: the order in which Fengari's modules are loaded matters.
import './fengari.ts';
import lauxlib from 'fengari/src/lauxlib.js';
import lua from 'fengari/src/lua.js';
import { type LuaState, raise } from './fengari.ts';
import type { StateGuard } from './guard.ts';
import { join } from './join.ts';
import { type Capture, createMatcher, type Match, PatternError } from './matcher.ts';
import { BYTES } from './measure.ts';

const { luaL_argerror, luaL_checkstring, luaL_optinteger, luaL_typename } = lauxlib;
const { LUA_TFUNCTION, LUA_TTABLE } = lua;
const PERCENT = 0x25;
const SPECIAL = /[\^$*+?.([%-]/;

type Native = (L: LuaState) => number;

/** The four functions, by name. */
export function createPatternLibrary(guard: StateGuard): { readonly [name: string]: Native } {
  const matcherOf = (L: LuaState, text: Uint8Array, pattern: Uint8Array, anchors = true) =>
    createMatcher(text, pattern, (steps) => guard.spend(L, 0, steps), anchors);

  function push(L: LuaState, bytes: Uint8Array): void {
    guard.spend(L, bytes.length + BYTES.text, bytes.length >> 6);
    lua.lua_pushlstring(L, bytes.slice(), bytes.length);
  }

  function pushCapture(L: LuaState, text: Uint8Array, capture: Capture): void {
    const { from, to } = capture;
    if (to === 'position') lua.lua_pushinteger(L, from + 1);
    else push(L, text.subarray(from, endOf(to)));
  }

  /** The captures, or, where there are none, the whole match. */
  function pushCaptures(L: LuaState, text: Uint8Array, { captures, ...whole }: Match): number {
    const pushed = captures.length === 0 ? [whole] : captures;
    lua.lua_checkstack(L, pushed.length);
    for (const capture of pushed) pushCapture(L, text, capture);
    return pushed.length;
  }

  function find(L: LuaState, wantsPlaces: boolean): number {
    const [text, pattern] = [luaL_checkstring(L, 1), luaL_checkstring(L, 2)];
    const from = startOf(luaL_optinteger(L, 3, 1), text.length);
    if (from > text.length) {
      lua.lua_pushnil(L);
      return 1;
    }
    if (wantsPlaces && (lua.lua_toboolean(L, 4) || !SPECIAL.test(latin1(pattern)))) {
      const at = indexOf(text, pattern, from, (steps) => guard.spend(L, 0, steps));
      if (at < 0) {
        lua.lua_pushnil(L);
        return 1;
      }
      lua.lua_pushinteger(L, at + 1);
      lua.lua_pushinteger(L, at + pattern.length);
      return 2;
    }
    const found = matcherOf(L, text, pattern).from(from);
    if (found === undefined) {
      lua.lua_pushnil(L);
      return 1;
    }
    if (!wantsPlaces) return pushCaptures(L, text, found);
    lua.lua_pushinteger(L, found.from + 1);
    lua.lua_pushinteger(L, found.to);
    return 2 + (found.captures.length === 0 ? 0 : pushCaptures(L, text, found));
  }

  function gmatch(L: LuaState): number {
    const [text, pattern] = [luaL_checkstring(L, 1), luaL_checkstring(L, 2)];
    lua.lua_settop(L, 2);
    let from = 0;
    let lastEnd = -1;
    const next = guarded((state) => {
      const matcher = matcherOf(state, text, pattern, false);
      for (from = matcher.next(from); from <= text.length; from = matcher.next(from + 1)) {
        const found = matcher.at(from);
        if (found === undefined || found.to === lastEnd) continue;
        from = lastEnd = found.to;
        return pushCaptures(state, text, found);
      }
      return 0;
    });
    // The texts are the closure's own, so that they count as long as it is alive.
    lua.lua_pushcclosure(L, next, 2);
    return 1;
  }

  function gsub(L: LuaState): number {
    const [text, pattern] = [luaL_checkstring(L, 1), luaL_checkstring(L, 2)];
    const kind = lua.lua_type(L, 3);
    const isText = lua.lua_tostring(L, 3) !== null && kind !== LUA_TFUNCTION && kind !== LUA_TTABLE;
    if (!isText && kind !== LUA_TFUNCTION && kind !== LUA_TTABLE) {
      luaL_argerror(L, 3, bytesOf('string/function/table expected'));
    }
    const most = luaL_optinteger(L, 4, text.length + 1);
    const matcher = matcherOf(L, text, pattern);
    let [from, kept, count, lastEnd] = [0, 0, 0, -1];

    guard.collecting((hold) => {
      const parts: Uint8Array[] = [];
      const add = (bytes: Uint8Array): void => {
        hold(L, bytes.length + BYTES.slot);
        parts.push(bytes);
      };
      while (count < most && from <= text.length) {
        from = matcher.next(from);
        const found = matcher.at(from);
        if (found !== undefined && found.to !== lastEnd) {
          count++;
          add(text.subarray(kept, found.from));
          add(replacementOf(L, text, found, isText));
          from = kept = lastEnd = found.to;
        } else from++;
        if (matcher.anchored) break;
      }
      add(text.subarray(kept));
      const joined = join(parts);
      lua.lua_pushlstring(L, joined, joined.length);
    });
    lua.lua_pushinteger(L, count);
    return 2;
  }

  function replacementOf(L: LuaState, text: Uint8Array, found: Match, isText: boolean): Uint8Array {
    const whole = text.subarray(found.from, found.to);
    if (isText) return fill(L, text, found, lua.lua_tostring(L, 3) as Uint8Array);
    if (lua.lua_type(L, 3) === LUA_TFUNCTION) {
      lua.lua_pushvalue(L, 3);
      lua.lua_call(L, pushCaptures(L, text, found), 1);
    } else {
      pushCapture(L, text, found.captures[0] ?? { from: found.from, to: found.to });
      lua.lua_gettable(L, 3);
    }
    if (!lua.lua_toboolean(L, -1)) {
      lua.lua_pop(L, 1);
      return whole;
    }
    const result = lua.lua_tostring(L, -1);
    if (result === null) raise(L, `invalid replacement value (a ${latin1(luaL_typename(L, -1))})`);
    lua.lua_pop(L, 1);
    return result as Uint8Array;
  }

  /** A replacement in which %1 stands for a capture. */
  function fill(L: LuaState, text: Uint8Array, found: Match, template: Uint8Array): Uint8Array {
    if (!template.includes(PERCENT)) return template;
    return guard.collecting((hold) => {
      const parts: Uint8Array[] = [];
      for (let at = 0; at < template.length; at++) {
        const bytes = template[at] === PERCENT ? partOf(template[++at]) : template.subarray(at, at + 1);
        hold(L, bytes.length + BYTES.slot);
        parts.push(bytes);
      }
      return join(parts);
    });

    function partOf(code: number | undefined): Uint8Array {
      if (code === PERCENT) return new Uint8Array([PERCENT]);
      const digit = (code ?? 0) - 0x30;
      if (digit < 0 || digit > 9) throw new PatternError("invalid use of '%' in replacement string");
      const capture = digit === 0 || (digit === 1 && found.captures.length === 0) ? found : found.captures[digit - 1];
      if (capture === undefined) throw new PatternError(`invalid capture index %${digit} in replacement string`);
      const { from, to } = capture;
      return to === 'position' ? bytesOf(String(from + 1)) : text.subarray(from, endOf(to));
    }
  }

  return {
    find: guarded((L) => find(L, true)),
    match: guarded((L) => find(L, false)),
    gmatch: guarded(gmatch),
    gsub: guarded(gsub),
  };
}

/** What is wrong with a pattern is an error that the program can catch. */
function guarded(body: Native): Native {
  return (L) => {
    try {
      return body(L);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      return lauxlib.luaL_error(L, bytesOf('%s'), bytesOf(error.message));
    }
  };
}

function endOf(to: number | 'open' | 'position'): number {
  if (typeof to !== 'number') throw new PatternError('unfinished capture');
  return to;
}

/** Where a search begins: from 1, or from the end where negative. */
function startOf(given: number, length: number): number {
  if (given > 0) return given - 1;
  return given === 0 ? 0 : Math.max(0, length + given);
}

function indexOf(text: Uint8Array, sought: Uint8Array, from: number, spend: (steps: number) => void): number {
  const [first] = sought;
  if (first === undefined) return from;
  for (let at = text.indexOf(first, from); at >= 0; at = text.indexOf(first, at + 1)) {
    if (at + sought.length > text.length) return -1;
    let same = 1;
    while (same < sought.length && text[at + same] === sought[same]) same++;
    if (same === sought.length) return at;
    spend(1 + (same >> 3));
  }
  return -1;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('latin1');

function bytesOf(text: string): Uint8Array {
  return encoder.encode(text);
}

function latin1(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
