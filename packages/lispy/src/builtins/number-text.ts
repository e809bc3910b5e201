/** Numbers as text and back, in any radix. */
import type { Machine } from '../machine/machine.ts';
import { displayValue } from '../print.ts';
import { parseNumber } from '../reader/token.ts';
import { bitLength, chargeDigits, checkNumber } from '../values/arithmetic.ts';
import { integer } from '../values/float.ts';
import type { Value } from '../values/value.ts';
import { integerArg, newString } from './arguments.ts';

/** The text of a number; the radix is for integers. */
export const numberText = (machine: Machine, value: Value, radix?: Value): Value => {
  const number = checkNumber(value, 'number->string');
  const base = radix === undefined ? 10 : integerArg(radix, 'number->string', 2, 36);
  if (base === 10 || (typeof number !== 'bigint' && !(typeof number === 'number' && Number.isInteger(number)))) {
    return newString(machine, displayValue(number, machine));
  }
  if (typeof number === 'bigint') {
    const bits = bitLength(number);
    chargeDigits(machine, bits);
    machine.charge(Math.ceil(bits ** 2 / 2 ** 22));
  }
  return newString(machine, number.toString(base));
};

/** The number that a text spells; #f where it spells none. */
export const parseText = (machine: Machine, text: string, radix: number): Value => {
  const bits = text.length * Math.log2(radix);
  if (text.length > 20) {
    chargeDigits(machine, bits);
    machine.charge(Math.ceil(bits ** 2 / 2 ** 22));
  }
  if (radix === 10) return parseNumber(text) ?? false;
  const digits = text.replace(/^[+-]/, '').toLowerCase();
  if (digits === '' || ![...digits].every((digit) => Number.parseInt(digit, radix) >= 0)) return false;
  let value = 0n;
  for (const digit of digits) value = value * BigInt(radix) + BigInt(Number.parseInt(digit, radix));
  return integer(text.startsWith('-') ? -value : value);
};
