/** Checking arguments: each function gives the JavaScript form of a value or a typed error that names the builtin. */
import { limitError } from '../errors.ts';
import type { Meter } from '../limits.ts';
import { rangeError, typeError } from '../type-error.ts';
import { checkInteger } from '../values/arithmetic.ts';
import { textOf } from '../values/equal.ts';
import { EMPTY, isProperList, List, listOf, Pair } from '../values/list.ts';
import { LispyMap, type MapKey, plainKey } from '../values/map.ts';
import { LispySymbol } from '../values/symbol.ts';
import { longString, Text } from '../values/text.ts';
import { isString, type Value } from '../values/value.ts';
import { toArray } from '../values/walk.ts';

/** A list (nil counts as an empty one) as an array that must not be changed. */
export const listArg = (meter: Meter, value: Value, name: string): Value[] =>
  toArray(value, meter, (wrong) => typeError(name, 'a list', wrong));

/** The items of anything with items: a list, the characters of a string, the `(key value)` entries of a map. */
export const itemsArg = (meter: Meter, value: Value, name: string): Value[] => {
  if (isString(value)) {
    const text = textOf(value, meter);
    chargeItems(meter, text.length);
    return [...text];
  }
  if (value instanceof LispyMap) {
    chargeItems(meter, value.size * 3);
    return [...value.entries(meter)].map(([key, item]) => listOf([key, item]));
  }
  return toArray(value, meter, (wrong) => typeError(name, 'a list', wrong));
};

export const stringArg = (meter: Meter, value: Value, name: string): string => {
  if (typeof value === 'string') return value;
  if (value instanceof Text) return value.read(meter);
  if (value instanceof LispySymbol) return value.name;
  throw typeError(name, 'a string', value);
};

/** An integer within bounds, as a JavaScript number. */
export const integerArg = (
  value: Value,
  name: string,
  least = Number.MIN_SAFE_INTEGER,
  most = Number.MAX_SAFE_INTEGER,
): number => {
  const integer = checkInteger(value, name);
  if (integer >= least && integer <= most) return Number(integer);
  throw rangeError(
    `"${name}" expects an integer from ${least} to ${most}, got ${integer > 10n ** 30n ? 'a larger one' : integer}`,
  );
};

/** A count of things: not negative, and bounded by what a collection may hold. */
export const countArg = (meter: Meter, value: Value, name: string): number => {
  const count = integerArg(value, name, 0);
  if (count > meter.limits.items) throw limitError('items', meter.limits.items, `"${name}" with ${count} items`);
  return count;
};

export const mapArg = (meter: Meter, value: Value, name: string): LispyMap => {
  if (!(value instanceof LispyMap)) throw typeError(name, 'a map', value);
  const { distance } = value;
  if (distance > 0) meter.charge(distance);
  return value;
};

export const keyArg = (meter: Meter, value: Value, name: string): MapKey => {
  const key = value instanceof Text ? value.read(meter) : plainKey(value);
  if (key === undefined) throw typeError(name, 'a key (string, symbol, number, boolean or nil)', value);
  return key;
};

/** Pays for making `count` items. */
export const chargeItems = (meter: Meter, count: number): void => {
  if (count > meter.limits.items) throw limitError('items', meter.limits.items, `collection of ${count} items`);
  meter.charge(count);
  meter.allocate(count * 16 + 48);
};

/** A new list, paid for. */
export const newList = (meter: Meter, items: Value[]): Value => {
  chargeItems(meter, items.length);
  return listOf(items);
};

/** A new string, paid for. */
export const newString = (meter: Meter, text: string): string => {
  checkLength(meter, text.length);
  meter.charge(text.length >> 4);
  meter.allocate(text.length * 2 + 16);
  return text;
};

/** Refuses a string before it is made. */
export const checkLength = (meter: Meter, length: number): void => {
  if (length > meter.limits.string) throw limitError('string', meter.limits.string, `string of ${length} characters`);
};

/** Joins two strings; long results share what they are made of. */
export const appendText = (meter: Meter, left: string | Text, right: string | Text): string | Text => {
  if (right.length === 0) return left;
  if (left.length === 0) return right;
  const length = left.length + right.length;
  checkLength(meter, length);
  if (length <= longString) {
    meter.allocate(length + 32);
    meter.charge(length >> 6);
    return textOf(left, meter) + textOf(right, meter);
  }
  const more = textOf(right, meter);
  if (left instanceof Text) {
    meter.charge((left.appendCost + more.length) >> 4);
    meter.allocate((left.appendCost + more.length) * 2 + 64);
    return left.append(more);
  }
  meter.charge(more.length >> 4);
  meter.allocate(more.length * 2 + 64);
  return new Text([left, more], 2, length);
};

export const isList = (value: Value): value is List | Pair | typeof EMPTY =>
  value === EMPTY || ((value instanceof List || value instanceof Pair) && isProperList(value));
