/** Sums, differences, products, comparison. */
import type { Machine } from '../../machine/machine.ts';
import { rangeError } from '../../type-error.ts';
import {
  addNumbers,
  checkNumber,
  compareNumbers,
  divideByZero,
  multiplyNumbers,
  subtractNumbers,
  toDouble,
} from '../../values/arithmetic.ts';
import { sameValue } from '../../values/equal.ts';
import { float, LispyFloat } from '../../values/float.ts';
import { isNumber, type Value } from '../../values/value.ts';
import { listArg } from '../arguments.ts';
import { fixed, type Row, spread, spreadOrTwo } from '../define.ts';

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

export const divide = (_machine: Machine, args: Value[]): Value => {
  if (args.length === 1) return divideTwo(1, args[0]!);
  return args.reduce((value, arg) => divideTwo(value, arg));
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
    machine.charge(values.length);
    let best: Value = checkNumber(values[0]!, name);
    for (const value of values) if (compareNumbers(value, best, name) * sign > 0) best = value;
    return best;
  };

const absolute = (machine: Machine, value: Value): Value => {
  if (value instanceof LispyFloat) return new LispyFloat(Math.abs(value.value));
  return compareNumbers(value, 0, 'abs') < 0 ? subtractNumbers(0, value, machine) : value;
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

export const basicRows: readonly Row[] = [
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
  ['clamp', 'number low high', 'The number, kept between two others.', fixed(clamp)],
  ['sum', 'list', 'The sum of a list.', fixed(total(addNumbers, 0, 'sum'))],
  ['product', 'list', 'The product of a list.', fixed(total(multiplyNumbers, 1, 'product'))],
  ['mean average', 'list', 'The arithmetic mean of a list; 0 of nothing.', fixed(mean)],
];
