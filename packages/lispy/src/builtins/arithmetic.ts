/** Numbers: exact integers of any size, floats, and what is computed from them. */
import type { Machine } from '../machine/machine.ts';
import { rangeError, typeError } from '../type-error.ts';
import {
  addNumbers,
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
} from '../values/arithmetic.ts';
import { sameValue } from '../values/equal.ts';
import { float, integer, LispyFloat } from '../values/float.ts';
import { isInteger, isNumber, type Value } from '../values/value.ts';
import { listArg } from './arguments.ts';
import { family, fixed, type Row, spread, spreadOrTwo } from './define.ts';

const fold =
  (combine: (a: Value, b: Value, machine: Machine) => Value, none: Value, name: string) =>
  (machine: Machine, args: Value[]): Value => {
    if (args.length === 0) return none;
    let value: Value = checkNumber(args[0]!, name);
    for (let index = 1; index < args.length; index++) value = combine(value, args[index]!, machine);
    return value;
  };

const minus = (machine: Machine, args: Value[]): Value =>
  args.length === 1 ? subtractNumbers(0, args[0]!, machine) : fold(subtractNumbers, 0, '-')(machine, args);

const divideTwo = (a: Value, b: Value): Value => {
  const [x, y] = [checkNumber(a, '/'), checkNumber(b, '/')];
  const divisor = toDouble(y);
  if (divisor === 0) throw divideByZero('/');
  return float(toDouble(x) / divisor);
};

const divide = (_machine: Machine, args: Value[]): Value => {
  if (args.length === 1) return divideTwo(1, args[0]!);
  return args.reduce((value, arg) => divideTwo(value, arg));
};

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
const quotient = integral(
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

const compare =
  (name: string, accept: (order: number) => boolean) =>
  (_machine: Machine, args: Value[]): Value => {
    for (let index = 1; index < args.length; index++) {
      if (!accept(compareNumbers(args[index - 1]!, args[index]!, name))) return false;
    }
    if (args.length === 1) checkNumber(args[0]!, name);
    return true;
  };

const equal = (machine: Machine, args: Value[]): Value => {
  for (let index = 1; index < args.length; index++)
    if (!sameValue(args[index - 1]!, args[index]!, machine)) return false;
  return true;
};

/** The extreme of numbers, or of one list of numbers. */
const extreme =
  (name: string, sign: number) =>
  (machine: Machine, args: Value[]): Value => {
    const values = args.length === 1 && !isNumber(args[0]!) ? listArg(machine, args[0]!, name) : args;
    if (values.length === 0) throw rangeError(`"${name}" expects at least one number`);
    let best: Value = checkNumber(values[0]!, name);
    for (const value of values) if (compareNumbers(value, best, name) * sign > 0) best = value;
    return best;
  };

const power = (machine: Machine, base: Value, exponent: Value): Value => {
  const [x, y] = [checkNumber(base, 'expt'), checkNumber(exponent, 'expt')];
  if (!isInteger(x) || !isInteger(y) || y < 0) return float(toDouble(x) ** toDouble(y));
  if (x === 0 || x === 1) return y === 0 ? 1 : x;
  if (x === -1) return BigInt(y) % 2n === 0n ? 1 : -1;
  const quick = Number(x) ** Number(y);
  if (Number.isSafeInteger(quick)) return quick;
  const bits = Math.log2(Math.abs(Number(x))) * Number(y);
  chargeDigits(machine, Number.isFinite(bits) ? bits : Number.MAX_VALUE);
  machine.charge(Math.ceil(bits ** 2 / 2 ** 22));
  return integer(BigInt(x) ** BigInt(y));
};

/** A float function; the name is for errors. */
const real =
  (name: string, compute: (value: number) => number) =>
  (_machine: Machine, value: Value): Value =>
    float(compute(toDouble(checkNumber(value, name))));

const squareRoot = (_machine: Machine, value: Value): Value => {
  const number = checkNumber(value, 'sqrt');
  const root = Math.sqrt(toDouble(number));
  if (Number.isNaN(root)) throw rangeError('"sqrt" expects a number that is not negative');
  // An exact square has an exact root, as in Scheme.
  return typeof number === 'number' && Number.isInteger(number) && Number.isInteger(root) ? root : float(root);
};

const logarithm = (_machine: Machine, value: Value, base?: Value): Value => {
  const number = checkNumber(value, 'log');
  const x = typeof number === 'bigint' ? bigLogarithm(number) : Math.log(toDouble(number));
  if (!Number.isFinite(x)) throw rangeError('"log" expects a number greater than zero');
  return float(base === undefined ? x : x / Math.log(toDouble(checkNumber(base, 'log'))));
};

const bigLogarithm = (value: bigint): number => {
  if (value <= 0n) return Number.NaN;
  const bits = bitLength(value);
  const shift = BigInt(Math.max(0, bits - 1000));
  return Math.log(Number(value >> shift)) + Number(shift) * Math.LN2;
};

/** Rounding gives an exact integer, as the programs that index with it expect. */
const rounded =
  (name: string, round: (value: number) => number) =>
  (_machine: Machine, value: Value, digits?: Value): Value => {
    const number = checkNumber(value, name);
    if (digits !== undefined && digits !== 0) {
      const scale = 10 ** Number(checkInteger(digits, name));
      const scaled = round(toDouble(number) * scale) / scale;
      return float(Number.isFinite(scaled) ? scaled : toDouble(number));
    }
    if (isInteger(number)) return number;
    const result = round(toDouble(number));
    return Number.isSafeInteger(result) ? (result === 0 ? 0 : result) : integer(BigInt(result));
  };

/** Halves go to the even neighbour, as in Scheme and Python. */
const roundEven = (value: number): number => {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
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

const absolute = (machine: Machine, value: Value): Value => {
  if (value instanceof LispyFloat) return new LispyFloat(Math.abs(value.value));
  return compareNumbers(value, 0, 'abs') < 0 ? subtractNumbers(0, value, machine) : value;
};

const toExact = (_machine: Machine, value: Value): Value => {
  const number = checkNumber(value, 'exact');
  if (isInteger(number)) return number;
  const double = toDouble(number);
  if (!Number.isInteger(double)) throw typeError('exact', 'a number without a fraction', value);
  return integer(BigInt(double));
};

const clamp = (_machine: Machine, value: Value, low: Value, high: Value): Value => {
  if (compareNumbers(value, low, 'clamp') < 0) return low;
  return compareNumbers(value, high, 'clamp') > 0 ? high : value;
};

const total =
  (combine: (a: Value, b: Value, machine: Machine) => Value, none: Value, name: string) =>
  (machine: Machine, list: Value): Value => {
    const items = listArg(machine, list, name);
    machine.charge(items.length);
    return fold(combine, none, name)(machine, items);
  };

const mean = (machine: Machine, list: Value): Value => {
  const items = listArg(machine, list, 'mean');
  if (items.length === 0) return 0;
  return divideTwo(total(addNumbers, 0, 'mean')(machine, list), items.length);
};

const rows: Row[] = [
  [
    '+',
    '. number',
    'The sum; 0 of nothing.',
    spreadOrTwo(fold(addNumbers, 0, '+'), (machine, a, b) => addNumbers(a, b, machine)),
  ],
  [
    '-',
    'number . number',
    'The difference, or the negative of one number.',
    spreadOrTwo(minus, (machine, a, b) => subtractNumbers(a, b, machine)),
  ],
  [
    '*',
    '. number',
    'The product; 1 of nothing.',
    spreadOrTwo(fold(multiplyNumbers, 1, '*'), (machine, a, b) => multiplyNumbers(a, b, machine)),
  ],
  ['/', 'number . number', 'The quotient as a float, of integers too.', spread(divide)],
  ['// floor-quotient floor/', 'a b', 'The quotient rounded down.', fixed(floorQuotient)],
  ['% modulo mod floor-remainder', 'a b', 'The rest with the sign of the divisor.', fixed(modulo)],
  ['quotient quot truncate-quotient', 'a b', 'The quotient without its fraction.', fixed(quotient)],
  ['remainder rem truncate-remainder', 'a b', 'The rest with the sign of the dividend.', fixed(remainder)],
  ['exact-divide', 'a b', 'The exact quotient of integers; an error where there is a rest.', fixed(divideExactly)],
  ['=', 'a . b', 'Whether numbers are equal in value, and other values in structure.', spread(equal)],
  ['== num=', 'a . b', 'The same as `=`.', spread(equal)],
  ['!= not= /=', 'a b', 'Whether two values differ.', fixed((machine, a, b) => !sameValue(a, b, machine))],
  [
    '<',
    'a . b',
    'Whether numbers increase.',
    spreadOrTwo(
      compare('<', (order) => order < 0),
      (_machine, a, b) => compareNumbers(a, b, '<') < 0,
    ),
  ],
  [
    '>',
    'a . b',
    'Whether numbers decrease.',
    spreadOrTwo(
      compare('>', (order) => order > 0),
      (_machine, a, b) => compareNumbers(a, b, '>') > 0,
    ),
  ],
  [
    '<=',
    'a . b',
    'Whether numbers never decrease.',
    spreadOrTwo(
      compare('<=', (order) => order <= 0),
      (_machine, a, b) => compareNumbers(a, b, '<=') <= 0,
    ),
  ],
  [
    '>=',
    'a . b',
    'Whether numbers never increase.',
    spreadOrTwo(
      compare('>=', (order) => order >= 0),
      (_machine, a, b) => compareNumbers(a, b, '>=') >= 0,
    ),
  ],
  ['max', 'number . number', 'The greatest number; also of one list.', spread(extreme('max', 1))],
  ['min', 'number . number', 'The least number; also of one list.', spread(extreme('min', -1))],
  ['abs magnitude', 'number', 'The number without its sign.', fixed(absolute)],
  ['inc add1 1+', 'number', 'One more.', fixed((machine, value) => addNumbers(value, 1, machine))],
  ['dec sub1 1- -1+', 'number', 'One less.', fixed((machine, value) => subtractNumbers(value, 1, machine))],
  ['square', 'number', 'The number times itself.', fixed((machine, value) => multiplyNumbers(value, value, machine))],
  ['expt pow **', 'base exponent', 'The power; exact for integers.', fixed(power)],
  ['sqrt', 'number', 'The square root; exact for exact squares.', fixed(squareRoot)],
  ['exp', 'number', 'The power of e to the number.', fixed(real('exp', Math.exp))],
  ['log ln', 'number [base]', 'The natural logarithm, or the one to a base.', fixed(logarithm)],
  ['log10', 'number', 'The decimal logarithm.', fixed(real('log10', Math.log10))],
  ['log2', 'number', 'The binary logarithm.', fixed(real('log2', Math.log2))],
  ['sin', 'radians', 'The sine.', fixed(real('sin', Math.sin))],
  ['cos', 'radians', 'The cosine.', fixed(real('cos', Math.cos))],
  ['tan', 'radians', 'The tangent.', fixed(real('tan', Math.tan))],
  ['asin', 'number', 'The arc sine.', fixed(real('asin', Math.asin))],
  ['acos', 'number', 'The arc cosine.', fixed(real('acos', Math.acos))],
  [
    'atan',
    'y [x]',
    'The arc tangent of y, or of y/x.',
    fixed((_machine, y, x?: Value) => {
      const a = toDouble(checkNumber(y, 'atan'));
      return float(x === undefined ? Math.atan(a) : Math.atan2(a, toDouble(checkNumber(x, 'atan'))));
    }),
  ],
  ['floor', 'number', 'The greatest integer that is not greater.', fixed(rounded('floor', Math.floor))],
  ['ceiling ceil', 'number', 'The least integer that is not less.', fixed(rounded('ceiling', Math.ceil))],
  [
    'round',
    'number [digits]',
    'The nearest integer, halves to even; or that many digits.',
    fixed(rounded('round', roundEven)),
  ],
  ['truncate trunc int', 'number', 'The integer without the fraction.', fixed(rounded('truncate', Math.trunc))],
  ['gcd', '. integer', 'The greatest common divisor.', spread(greatestDivisor)],
  ['lcm', '. integer', 'The least common multiple.', spread(leastMultiple)],
  ['exact inexact->exact', 'number', 'The exact integer of an integral number.', fixed(toExact)],
  ['inexact exact->inexact float', 'number', 'The float of a number.', fixed(real('inexact', (value) => value))],
  ['clamp', 'number low high', 'The number, kept between two others.', fixed(clamp)],
  ['sum', 'list', 'The sum of a list.', fixed(total(addNumbers, 0, 'sum'))],
  ['product', 'list', 'The product of a list.', fixed(total(multiplyNumbers, 1, 'product'))],
  ['mean average', 'list', 'The arithmetic mean of a list; 0 of nothing.', fixed(mean)],
];

export const arithmeticBuiltins = family('numbers', rows);
