/** Arithmetic on all kinds of numbers: exact integers stay exact, floats stay floats, nothing becomes infinite. */
import { LispyError, limitError } from '../errors.ts';
import type { Meter } from '../limits.ts';
import { typeError } from '../type-error.ts';
import { float, integer, LispyFloat } from './float.ts';
import { isInteger, isNumber, type Value } from './value.ts';

type LispyNumber = number | bigint | LispyFloat;

/** A number as a JavaScript number, possibly rounded. */
export const toDouble = (value: LispyNumber): number => (value instanceof LispyFloat ? value.value : Number(value));

const isExact = (value: LispyNumber): value is number | bigint =>
  typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));

export const checkNumber = (value: Value, name: string): LispyNumber => {
  if (isNumber(value)) return value;
  throw typeError(name, 'a number', value);
};

export const checkInteger = (value: Value, name: string): number | bigint => {
  if (isInteger(value)) return value;
  if (value instanceof LispyFloat && Number.isSafeInteger(value.value)) return value.value === 0 ? 0 : value.value;
  throw typeError(name, 'an integer', value);
};

/** Pays for work on big integers: their cost grows with their digits. */
export const chargeDigits = (meter: Meter, bits: number): void => {
  const digits = bits * 0.30103;
  if (digits > meter.limits.string)
    throw limitError('string', meter.limits.string, `integer of about ${Math.ceil(digits)} digits`);
  meter.charge(Math.ceil(bits / 2048));
  meter.allocate(bits / 8);
};

/** About how many bits an integer has; exact enough to bound work before it is done. */
export const bitLength = (value: bigint): number => {
  if (value < 0n) return bitLength(-value);
  if (value < 0xffffffffffffffffn) return 64;
  // The hexadecimal text is linear in the number's size; it is the only portable measure.
  return value.toString(16).length * 4;
};

export const addNumbers = (a: Value, b: Value, meter: Meter): LispyNumber => {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (Number.isInteger(a) && Number.isInteger(b)) return Number.isSafeInteger(sum) ? sum : BigInt(a) + BigInt(b);
    return float(sum);
  }
  const [x, y] = [checkNumber(a, '+'), checkNumber(b, '+')];
  if (!isExact(x) || !isExact(y)) return float(toDouble(x) + toDouble(y));
  chargeBig(meter, x, y);
  return integer(BigInt(x) + BigInt(y));
};

export const subtractNumbers = (a: Value, b: Value, meter: Meter): LispyNumber => {
  if (typeof a === 'number' && typeof b === 'number') {
    const difference = a - b;
    if (Number.isInteger(a) && Number.isInteger(b))
      return Number.isSafeInteger(difference) ? difference : BigInt(a) - BigInt(b);
    return float(difference);
  }
  const [x, y] = [checkNumber(a, '-'), checkNumber(b, '-')];
  if (!isExact(x) || !isExact(y)) return float(toDouble(x) - toDouble(y));
  chargeBig(meter, x, y);
  return integer(BigInt(x) - BigInt(y));
};

export const multiplyNumbers = (a: Value, b: Value, meter: Meter): LispyNumber => {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (Number.isInteger(a) && Number.isInteger(b)) {
      if (Number.isSafeInteger(product)) return product === 0 ? 0 : product;
      return BigInt(a) * BigInt(b);
    }
    return float(product);
  }
  const [x, y] = [checkNumber(a, '*'), checkNumber(b, '*')];
  if (!isExact(x) || !isExact(y)) return float(toDouble(x) * toDouble(y));
  const [p, q] = [BigInt(x), BigInt(y)];
  const [m, n] = [bitLength(p), bitLength(q)];
  chargeDigits(meter, m + n);
  // Schoolbook multiplication costs the product of the sizes; faster algorithms only cost less.
  meter.charge(Math.ceil((m * n) / 65_536 / 64));
  return integer(p * q);
};

const chargeBig = (meter: Meter, x: number | bigint, y: number | bigint): void => {
  const bits = Math.max(typeof x === 'bigint' ? bitLength(x) : 64, typeof y === 'bigint' ? bitLength(y) : 64);
  chargeDigits(meter, bits);
};

/** Less than, equal to or greater than zero as `a` is less than, equal to or greater than `b`. */
export const compareNumbers = (a: Value, b: Value, name: string): number => {
  const [x, y] = [checkNumber(a, name), checkNumber(b, name)];
  // JavaScript compares bigints with numbers exactly.
  const p = x instanceof LispyFloat ? x.value : x;
  const q = y instanceof LispyFloat ? y.value : y;
  return p < q ? -1 : p > q ? 1 : 0;
};

/** Both operands of an integer operation as bigints or small numbers. */
export const integerPair = (a: Value, b: Value, name: string): [number, number] | [bigint, bigint] => {
  const [x, y] = [checkInteger(a, name), checkInteger(b, name)];
  return typeof x === 'number' && typeof y === 'number' ? [x, y] : [BigInt(x), BigInt(y)];
};

export const divideByZero = (name: string): LispyError => new LispyError('arithmetic', `Division by zero in "${name}"`);
