// Arithmetic of whole numbers: exact as far as numbers of JavaScript are, and never from below again.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openMachine } from './machine.ts';

async function evaluate(expressions: readonly string[]): Promise<readonly unknown[]> {
  const machine = await openMachine({ guestBytes: 2 ** 27, cpuMs: 1e6, onTick: () => {}, onLog: () => {} });
  machine.run(`function run() return { ${expressions.join(', ')} } end`, 'a.lua');
  const [outcome, text] = machine.start('call', ['{}', '{}']).first.values;
  expect(outcome).toBe('ok');
  return JSON.parse(String(text)) as readonly unknown[];
}

describe('numbers beyond 32 bits', () => {
  it('are right, computed while it runs and by the compiler', async () => {
    const given = await evaluate([
      '(function() local year = 1000 * 60 * 60 * 24 * 365 return year end)()',
      '(function() local n = 2147483647 n = n + 1 return n end)()',
      '(function() local n, m = 65536, 65536 return n * m - 1 end)()',
      '(function() local n = -2147483647 - 1 return -n end)()',
      '(function() local n = 0 for i = 0, 99999 do n = n + i end return n end)()',
      '(function() local n = 2147483647 local f = function() n = n + 1 return n end return f() + f() end)()',
      'math.type(2147483647)',
      '7 // 2 + 5 % 3',
      '"10" + 1',
      '(pcall(function() return ("1"):rep(2000) + 1 end))',
    ]);
    const expected = [
      31_536_000_000,
      2 ** 31,
      2 ** 32 - 1,
      2 ** 31,
      4_999_950_000,
      2 ** 32 + 1,
      'integer',
      5,
      11,
      false,
    ];
    expect(given).toStrictEqual(expected);
  });

  it('are those of JavaScript', async () => {
    const number = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    const sums = fc.sample(fc.tuple(number, number, fc.constantFrom('+', '-', '*')), 500);
    const sources = sums.map(([a, b, operator]) => `(function(a, b) return a ${operator} b end)(${a}, ${b})`);
    const expected = sums.map(([a, b, operator]) => (operator === '+' ? a + b : operator === '-' ? a - b : a * b));
    expect(await evaluate(sources)).toEqual(expected.map((value) => value + 0));
  });
});
