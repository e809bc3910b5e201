/** Equality and order of values, without recursion. */
import type { Meter } from '../limits.ts';
import { compareNumbers } from './arithmetic.ts';
import { LispyFloat } from './float.ts';
import { List, Pair, sameCell } from './list.ts';
import { LispyMap } from './map.ts';
import { Text } from './text.ts';
import { isNumber, isString, type Value } from './value.ts';
import { Items, Visits } from './walk.ts';

/** A string value as a plain string. */
export const textOf = (value: string | Text, meter: Meter): string =>
  value instanceof Text ? value.read(meter) : value;

/** `eq?`: the same thing; numbers and strings by value. */
export const identical = (a: Value, b: Value, meter: Meter): boolean => {
  if (a === b) return true;
  if (a instanceof LispyFloat) return b instanceof LispyFloat && Object.is(a.value, b.value);
  if (a instanceof List) return b instanceof List && sameCell(a, b);
  if (a instanceof Text || b instanceof Text) return isString(a) && isString(b) && sameText(a, b, meter);
  return false;
};

const sameText = (a: string | Text, b: string | Text, meter: Meter): boolean => {
  if (a.length !== b.length) return false;
  meter.charge(a.length >> 6);
  return textOf(a, meter) === textOf(b, meter);
};

/** `=`: numbers by value, whether exact or not; everything else as {@link equalValues}. */
export const sameValue = (a: Value, b: Value, meter: Meter): boolean =>
  isNumber(a) && isNumber(b) ? compareNumbers(a, b, '=') === 0 : equalValues(a, b, meter);

/** `equal?`: the same structure with the same atoms; 2 and 2.0 differ. */
export const equalValues = (left: Value, right: Value, meter: Meter): boolean => {
  const atom = equalAtoms(left, right, meter);
  if (atom !== undefined) return atom;
  const visits = new Visits(left, meter);
  const stack: Pairing[] = [];
  let [a, b]: [Value, Value] = [left, right];
  for (;;) {
    visits.visit(stack.length);
    const same = equalAtoms(a, b, meter);
    if (same === false) return false;
    if (same === undefined) {
      const pairing = pair(a, b, meter);
      if (!pairing) return false;
      stack.push(pairing);
    }
    let next: [Value, Value] | undefined;
    while (stack.length > 0 && next === undefined) {
      const step = stack.at(-1)!();
      if (step === false) return false;
      if (step === true) stack.pop();
      else next = step;
    }
    if (next === undefined) return true;
    [a, b] = next;
  }
};

/** Gives the next two parts to compare, true at the end, false where the shapes differ. */
type Pairing = () => [Value, Value] | boolean;

const pair = (a: Value, b: Value, meter: Meter): Pairing | undefined => {
  if (a instanceof LispyMap) return b instanceof LispyMap && a.size === b.size ? pairMaps(a, b, meter) : undefined;
  const [left, right] = [new Items(a), new Items(b)];
  let ended = false;
  return () => {
    if (ended) return true;
    const [x, y] = [left.next(), right.next()];
    if (x !== undefined && y !== undefined) return [x, y];
    if (x !== undefined || y !== undefined) return false;
    ended = true;
    return [left.tail, right.tail];
  };
};

const pairMaps = (a: LispyMap, b: LispyMap, meter: Meter): Pairing => {
  const entries = [...a.entries(meter)];
  meter.charge(b.distance);
  let index = 0;
  return () => {
    const entry = entries[index++];
    if (!entry) return true;
    const other = b.get(entry[0]);
    return other === undefined ? false : [entry[1], other];
  };
};

/** Whether two values are equal where at least one is an atom; `undefined` where both have parts. */
const equalAtoms = (a: Value, b: Value, meter: Meter): boolean | undefined => {
  if (identical(a, b, meter)) return true;
  const cells = (a instanceof List || a instanceof Pair) && (b instanceof List || b instanceof Pair);
  return cells || (a instanceof LispyMap && b instanceof LispyMap) ? undefined : false;
};
