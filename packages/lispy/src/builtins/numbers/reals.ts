/** Powers, roots, rounding and the functions of analysis. */
import type { Machine } from '../../machine/machine.ts';
import { rangeError } from '../../type-error.ts';
import { bitLength, chargeDigits, checkInteger, checkNumber, toDouble } from '../../values/arithmetic.ts';
import { float, integer } from '../../values/float.ts';
import { isInteger, type Value } from '../../values/value.ts';
import { fixed, type Row } from '../define.ts';

const power = (machine: Machine, base: Value, exponent: Value): Value => {
  const [x, y] = [checkNumber(base, 'expt'), checkNumber(exponent, 'expt')];
  if (!isInteger(x) || !isInteger(y) || y < 0) return float(toDouble(x) ** toDouble(y));
  if (x === 0 || x === 1) return y === 0 ? 1 : x;
  if (x === -1) return BigInt(y) % 2n === 0n ? 1 : -1;
  const quick = Number(x) ** Number(y);
  if (Number.isSafeInteger(quick)) return quick;
  const bits = (typeof x === 'bigint' ? bitLength(x) : Math.log2(Math.abs(x))) * Number(y);
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
export const rounded =
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

export const realRows: readonly Row[] = [
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
  ['inexact exact->inexact float', 'number', 'The float of a number.', fixed(real('inexact', (value) => value))],
];
