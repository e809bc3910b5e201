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
  if (digits === '' || !areDigits(digits, radix)) return false;
  const value = valueOfDigits(digits, radix);
  return integer(text.startsWith('-') ? -value : value);
};

const areDigits = (text: string, radix: number): boolean => {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const digit = code >= 97 && code <= 122 ? code - 87 : code >= 48 && code <= 57 ? code - 48 : radix;
    if (digit >= radix) return false;
  }
  return true;
};

/** Runs of digits that a JavaScript number holds, joined two by two: one by one, the time grows with their square. */
const valueOfDigits = (digits: string, radix: number): bigint => {
  const size = Math.floor(Math.log(Number.MAX_SAFE_INTEGER) / Math.log(radix));
  let parts: bigint[] = [];
  for (let end = digits.length; end > 0; end -= size)
    parts.push(BigInt(Number.parseInt(digits.slice(Math.max(0, end - size), end), radix)));
  let scale = BigInt(radix) ** BigInt(size);
  while (parts.length > 1) {
    const [low, high] = [parts.filter((_, index) => index % 2 === 0), parts.filter((_, index) => index % 2 === 1)];
    parts = low.map((part, index) => part + (high[index] ?? 0n) * scale);
    if (parts.length > 1) scale *= scale;
  }
  return parts[0] ?? 0n;
};
