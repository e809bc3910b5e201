// Attack: never end: in loops, in handlers, in coroutines, in comparisons, and in native code that nobody can interrupt.
import { describe, expect, it } from 'vitest';
import { BY_CPU, expectStopped, limitOf } from '../attacker.ts';
import { LUA_SANDBOXES, lua } from './attacks.ts';

describe.each(LUA_SANDBOXES)('$name', ({ open }) => {
  const { atTimeLimit, attack, expectUnharmed } = open();

  // Fengari is Lua 5.3, which has no variables that are closed.
  const ALL: readonly (readonly [string, string])[] = [
    ['a loop', 'while true do end'],
    ['a loop that catches its end', 'while true do pcall(function() while true do end end) end'],
    ['handlers in handlers', 'local function f() while true do xpcall(f, f) end end f()'],
    ['a coroutine', 'coroutine.wrap(function() while true do end end)()'],
    ['coroutines without end', 'while true do coroutine.wrap(function() coroutine.yield() end)() end'],
    ['a comparison', 'table.sort({ 1, 2, 3, 4 }, function() while true do end end)'],
    ['a metamethod', 'return setmetatable({}, { __index = function() while true do end end }).x'],
    ['a to-be-closed variable', 'local x <close> = setmetatable({}, { __close = function() while true do end end })'],
    ['a finaliser', 'setmetatable({}, { __gc = function() while true do end end }) for i = 1, 1e9 do local t = {} end'],
    ['gsub with a function', '("x"):rep(10):gsub(".", function() while true do end end)'],
    ['goto', '::again:: goto again'],
    ['moves without end', 'table.move({}, 1, 2147483646, 2)'],
    ['a length that lies', 'table.insert(setmetatable({}, { __len = function() return 2147483645 end }), 1, 1)'],
  ];
  const LOOPS = ALL.filter(([, body]) => atTimeLimit !== BY_CPU || !body.includes('<close>'));

  it.each(LOOPS)('%s ends at the time limit', async (_name, body) => {
    const outcome = await attack(lua(body), { callMs: 400, ...atTimeLimit.within });
    expectStopped(outcome, ...atTimeLimit.codes);
    expect(outcome.took).toBeLessThan(20_000);
    await expectUnharmed();
  });

  it.each(LOOPS.slice(0, 3))('%s ends at the limit of CPU time', async (_name, body) => {
    const outcome = await attack(lua(body), { limits: { cpuMs: 150 } });
    expectStopped(outcome, 'resource_exhausted');
    expect(limitOf(outcome)).toBe('cpu_ms');
    await expectUnharmed();
  });

  it('a pattern that takes for ever, inside one native call', async () => {
    const outcome = await attack(lua('return (("a"):rep(40)):find(("a*"):rep(40) .. "b")'), {
      callMs: 400,
      ...atTimeLimit.within,
    });
    expectStopped(outcome, ...atTimeLimit.codes);
    await expectUnharmed();
  });

  it('waiting for the host costs no CPU time', async () => {
    const slow = () => new Promise<null>((done) => setTimeout(() => done(null), 300));
    const outcome = await attack(lua('return context.vault.get("K") == nil'), { limits: { cpuMs: 150 }, onUse: slow });
    expect(outcome.output).toBe(true);
  });
});
