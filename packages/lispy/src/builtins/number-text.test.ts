// Digits in any radix give the number that they are, one by one or by the million.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compileProgram } from '../index.ts';

/** As it is defined. */
function plainly(digits: string, radix: number): bigint {
  let value = 0n;
  for (const digit of digits) value = value * BigInt(radix) + BigInt(Number.parseInt(digit, radix));
  return value;
}

it('reads what the digits say', () => {
  const digits = fc.integer({ min: 2, max: 36 }).chain((radix) => {
    const unit = fc.integer({ min: 0, max: radix - 1 }).map((digit) => digit.toString(radix));
    return fc.tuple(fc.constant(radix), fc.string({ unit, minLength: 1, maxLength: 200 }), fc.boolean(), fc.boolean());
  });
  fc.assert(
    fc.property(digits, ([radix, text, isNegative, isUpper]) => {
      const written = (isNegative ? '-' : '') + (isUpper ? text.toUpperCase() : text);
      const value = plainly(text, radix) * (isNegative ? -1n : 1n);
      expect(compileProgram(`(= (string->number "${written}" ${radix}) ${value})`).instantiate().runSync()).toBe(true);
    }),
  );
});

it.each([
  ['12', 2],
  ['', 2],
  ['-', 16],
  ['g', 16],
  ['1.5', 8],
  ['１', 16],
  ['1 1', 2],
])('%j is no number in radix %i', (text, radix) => {
  expect(compileProgram(`(string->number "${text}" ${radix})`).instantiate().runSync()).toBe(false);
});

// One digit after the other, this takes a quarter of a minute, during which the host answers nobody.
it('reads a million of them soon', () => {
  expect(
    compileProgram('(zero? (modulo (string->number (string-repeat "1" 1000000) 2) 2))').instantiate().runSync(),
  ).toBe(false);
});
