// The counting matcher against Fengari's own: the same matches, and an end where that has none.

import './fengari.ts';
import fc from 'fast-check';
import lauxlib from 'fengari/src/lauxlib.js';
import lua from 'fengari/src/lua.js';
import lualib from 'fengari/src/lualib.js';
import { expect, it } from 'vitest';
import type { LuaState } from './fengari.ts';
import { StateGuard } from './guard.ts';
import { createMatcher } from './matcher.ts';
import { createPatternLibrary } from './patterns.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** A state whose string library is Fengari's own, and the counting one beside it. */
function open(): LuaState {
  const L = lauxlib.luaL_newstate();
  const guard = new StateGuard({ guestBytes: 1e8, onTick: () => {}, mostNativeSteps: 1e9 });
  for (const [name, library] of [
    ['_G', lualib.luaopen_base],
    ['string', lualib.luaopen_string],
    ['table', lualib.luaopen_table],
  ] as const) {
    lauxlib.luaL_requiref(L, bytesOf(name), library, 1);
    lua.lua_pop(L, 1);
  }
  for (const [name, body] of Object.entries(createPatternLibrary(guard))) {
    lua.lua_pushcfunction(L, body);
    lua.lua_setglobal(L, bytesOf(name));
  }
  return L;
}

const PROGRAM = `
local text, pattern, replacement, from = ...
local function show(ok, ...)
  local parts = { ok and "ok" or "failed" }
  if ok then for index = 1, select("#", ...) do parts[#parts + 1] = tostring((select(index, ...))) end end
  return table.concat(parts, "\\1")
end
local function all(functions)
  local parts = {
    show(pcall(functions.find, text, pattern, from)), show(pcall(functions.match, text, pattern, from)),
    show(pcall(functions.gsub, text, pattern, replacement)), show(pcall(functions.gsub, text, pattern, { a = "<>", b = 7 }, 3)),
    show(pcall(functions.gsub, text, pattern, function(...) return select("#", ...) > 1 and (...) or nil end)),
    show(pcall(functions.find, text, pattern, from, true)),
  }
  parts[#parts + 1] = show(pcall(function()
    local found = {}
    for a, b in functions.gmatch(text, pattern) do found[#found + 1] = tostring(a) .. tostring(b) end
    return table.concat(found, ",")
  end))
  return table.concat(parts, "\\2")
end
return all(string), all({ find = find, match = match, gsub = gsub, gmatch = gmatch })`;

function compare(L: LuaState, text: string, pattern: string, replacement: string, from: number): [string, string] {
  const source = bytesOf(PROGRAM);
  expect(lauxlib.luaL_loadbufferx(L, source, source.length, bytesOf('=test'), bytesOf('t'))).toBe(lua.LUA_OK);
  for (const part of [text, pattern, replacement]) lua.lua_pushlstring(L, bytesOf(part), bytesOf(part).length);
  lua.lua_pushinteger(L, from);
  lua.lua_call(L, 4, 2);
  const results = [-2, -1].map((index) => new TextDecoder().decode(lua.lua_tostring(L, index) ?? new Uint8Array()));
  lua.lua_settop(L, 0);
  return results as [string, string];
}

const piece = fc.constantFrom(
  ...['a', 'b', '.', '%a', '%d', '%s', '%w', '%W', '%p', '%%', '[ab]', '[^a]', '[a-c]', '[%d_]', '[]]', '(', ')', '()'],
  ...['*', '+', '-', '?', '^', '$', '%b()', '%f[%w]', '%1', '[', '%'],
);
/** Where Fengari is no judge: it goes backwards for ever for a position again, and forgets to try less before a frontier. */
const isOdd = (sought: string): boolean =>
  (sought.includes('()') && sought.includes('%1')) || (sought.includes('%f') && /[*+?-]/.test(sought));

const pattern = fc
  .array(piece, { maxLength: 7 })
  .map((parts) => parts.join(''))
  .filter((sought) => !isOdd(sought));
const text = fc.string({
  unit: fc.constantFrom('a', 'b', 'c', '1', ' ', '(', ')', '_', 'é', '.'),
  minLength: 1,
  maxLength: 24,
});

it('finds, replaces and fails as Fengari does', () => {
  const L = open();
  fc.assert(
    fc.property(
      text,
      pattern,
      fc.constantFrom('x', '', '<%0>', '%1', '%%', '%2'),
      fc.integer({ min: -5, max: 8 }),
      (...given) => {
        const [own, counting] = compare(L, ...given);
        expect(counting).toBe(own);
      },
    ),
    { numRuns: 2_000 },
  );
});

it.each([
  ['a', 'a*%f[%w]', [1, 0]],
  ['xaay', 'a+%f[y]', [2, 3]],
  ['aa', '()%1', undefined],
])('finds in %s by %s as Lua does', (text, sought, expected) => {
  const found = createMatcher(bytesOf(text), bytesOf(sought), () => {}).from(0);
  expect(found && [found.from + 1, found.to]).toStrictEqual(expected);
});

it('finds in long texts what it finds in short ones', () => {
  const L = open();
  fc.assert(
    fc.property(text, pattern, fc.integer({ min: 0, max: 300 }), (tail, sought, length) => {
      const [own, counting] = compare(L, `${'-'.repeat(length)}${tail}`, sought, '<%0>', 1);
      expect(counting).toBe(own);
    }),
    { numRuns: 500 },
  );
});
