/** Division of integers, and what rests on it. */
import type { Machine } from '../../machine/machine.ts';
import { rangeError, typeError } from '../../type-error.ts';
import {
  bitLength,
  chargeDigits,
  checkInteger,
  checkNumber,
  compareNumbers,
  divideByZero,
  integerPair,
  multiplyNumbers,
  subtractNumbers,
  toDouble,
} from '../../values/arithmetic.ts';
import { float, integer } from '../../values/float.ts';
import { isInteger, type Value } from '../../values/value.ts';
import { fixed, type Row, spread } from '../define.ts';

/** An integer operation; floats with integral values take part and make the result a float. */
const integral =
  (name: string, small: (a: number, b: number) => number, big: (a: bigint, b: bigint) => bigint) =>
  (machine: Machine, a: Value, b: Value): Value => {
    if (!isInteger(a) || !isInteger(b)) {
      const [x, y] = [toDouble(checkNumber(a, name)), toDouble(checkNumber(b, name))];
      if (y === 0) throw divideByZero(name);
      return float(small(x, y));
    }
    const [x, y] = integerPair(a, b, name);
    if (typeof x === 'number' && typeof y === 'number') {
      if (y === 0) throw divideByZero(name);
      const result = small(x, y);
      return result === 0 ? 0 : result;
    }
    if (y === 0n) throw divideByZero(name);
    const bits = bitLength(x as bigint);
    chargeDigits(machine, bits);
    machine.charge(Math.ceil((bits * Math.min(bits, bitLength(y as bigint))) / 2 ** 22));
    return integer(big(x as bigint, y as bigint));
  };

const floorDivide = (x: bigint, y: bigint): bigint => {
  const quotient = x / y;
  return x % y !== 0n && x < 0n !== y < 0n ? quotient - 1n : quotient;
};

const modulo = integral(
  'modulo',
  (a, b) => {
    const rest = a % b;
    return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
  },
  (a, b) => {
    const rest = a % b;
    return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
  },
);

export const quotient = integral(
  'quotient',
  (a, b) => Math.trunc(a / b),
  (a, b) => a / b,
);

const remainder = integral(
  'remainder',
  (a, b) => a % b,
  (a, b) => a % b,
);

const floorQuotient = integral('//', (a, b) => Math.floor(a / b), floorDivide);

const divideExactly = (machine: Machine, a: Value, b: Value): Value => {
  if (remainder(machine, a, b) !== 0) throw rangeError('"exact-divide" expects a divisor without a rest');
  return quotient(machine, a, b);
};

const greatestDivisor = (machine: Machine, args: Value[]): Value => {
  let value: Value = 0;
  for (const arg of args) {
    let [a, b]: [Value, Value] = [value, checkInteger(arg, 'gcd')];
    while (b !== 0) [a, b] = [b, remainder(machine, a, b)];
    value = compareNumbers(a, 0, 'gcd') < 0 ? subtractNumbers(0, a, machine) : a;
  }
  return value;
};

const leastMultiple = (machine: Machine, args: Value[]): Value => {
  let value: Value = 1;
  for (const arg of args) {
    const divisor = greatestDivisor(machine, [value, arg]);
    if (divisor === 0) return 0;
    const product = multiplyNumbers(value, quotient(machine, arg, divisor), machine);
    value = compareNumbers(product, 0, 'lcm') < 0 ? subtractNumbers(0, product, machine) : product;
  }
  return value;
};

const toExact = (_machine: Machine, value: Value): Value => {
  const number = checkNumber(value, 'exact');
  if (isInteger(number)) return number;
  const double = toDouble(number);
  if (!Number.isInteger(double)) throw typeError('exact', 'a number without a fraction', value);
  return integer(BigInt(double));
};

export const integerRows: readonly Row[] = [
  ['// floor-quotient floor/', 'a b', 'The quotient rounded down.', fixed(floorQuotient)],
  ['% modulo mod floor-remainder', 'a b', 'The rest with the sign of the divisor.', fixed(modulo)],
  ['quotient quot truncate-quotient', 'a b', 'The quotient without its fraction.', fixed(quotient)],
  ['remainder rem truncate-remainder', 'a b', 'The rest with the sign of the dividend.', fixed(remainder)],
  ['exact-divide', 'a b', 'The exact quotient of integers; an error where there is a rest.', fixed(divideExactly)],
  ['gcd', '. integer', 'The greatest common divisor.', spread(greatestDivisor)],
  ['lcm', '. integer', 'The least common multiple.', spread(leastMultiple)],
  ['exact inexact->exact', 'number', 'The exact integer of an integral number.', fixed(toExact)],
];
