// Attack: use up memory, the stack, and what is left after that.
import { describe, expect, it } from 'vitest';
import { expectStopped, limitOf } from '../attacker.ts';
import { LUA_SANDBOXES, lua } from './attacks.ts';

describe.each(LUA_SANDBOXES)('$name', ({ open }) => {
  const { attack, expectUnharmed } = open();
  const limits = { guestBytes: 32 * 1024 * 1024 };

  it.each([
    ['texts', 'local s = "x" while true do s = s .. s end'],
    ['rep', 'return ("x"):rep(2 ^ 30)'],
    ['tables', 'local t = {} while true do t[#t + 1] = { t } end'],
    ['closures', 'local t = {} while true do t[#t + 1] = function() return t end end'],
    ['coroutines', 'local t = {} while true do t[#t + 1] = coroutine.create(function() end) end'],
    [
      'concat',
      'local t = {} for i = 1, 1e6 do t[i] = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" end return #table.concat(t)',
    ],
  ])('%s', async (_name, body) => {
    const outcome = await attack(lua(body), { limits });
    expectStopped(outcome, 'resource_exhausted', 'handler_failed');
    if (outcome.error?.code === 'resource_exhausted') expect(limitOf(outcome)).toBe('guest_bytes');
    await expectUnharmed();
  });

  it('memory within the limit is there', async () => {
    const outcome = await attack(lua('local t = {} for i = 1, 20 do t[i] = ("x"):rep(1 << 20) .. i end return #t'), {
      limits,
    });
    expect(outcome.output).toBe(20);
  });

  it.each([
    ['recursion', 'local function f(n) return 1 + f(n + 1) end return f(1)'],
    ['recursion through native calls', 'local function f() return (("x"):gsub(".", f)) end return f()'],
    [
      'recursion through metamethods',
      'local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k + 1] end return t[1]',
    ],
    ['nested patterns', 'return ("x"):rep(300000):find(("(x"):rep(300000))'],
    ['nested source', 'return load("return " .. ("("):rep(100000) .. "1")'],
    ['nested JSON', 'return json.decode(("["):rep(200000))'],
    ['JSON that contains itself', 'local t = {} t.t = t return t'],
  ])('%s ends with an error', async (_name, body) => {
    const outcome = await attack(lua(body), { limits });
    if (outcome.error === undefined) expect(outcome.output).not.toBeUndefined();
    await expectUnharmed();
  });
});
