/** The union of everything a LisPy program can hold, and the questions asked about it everywhere. */
import { LispyFloat } from './float.ts';
import { Empty, isProperList, List, Pair } from './list.ts';
import { LispyMap } from './map.ts';
import { Procedure } from './procedure.ts';
import { LispySymbol } from './symbol.ts';
import { Text } from './text.ts';

/**
 * A LisPy value. nil is `null`; exact integers are safe JavaScript integers or bigints; floats are non-integral
 * numbers or {@link LispyFloat}; lists are {@link Pair} chains or {@link List} views that end in {@link Empty}.
 */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | LispyFloat
  | LispySymbol
  | Text
  | Pair
  | List
  | Empty
  | LispyMap
  | Procedure;

/** Only `#f` and nil are false. */
export const isTrue = (value: Value): boolean => value !== false && value !== null;

export const isString = (value: Value): value is string | Text => typeof value === 'string' || value instanceof Text;

export const isNumber = (value: Value): value is number | bigint | LispyFloat =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof LispyFloat;

/** Exact integers only. */
export const isInteger = (value: Value): value is number | bigint =>
  typeof value === 'number' ? Number.isInteger(value) : typeof value === 'bigint';

/** A non-empty list or an improper pair. */
export const isCell = (value: Value): value is Pair | List => value instanceof List || value instanceof Pair;

/** The name of a value's type, as error texts and `type-of` say it. */
export const typeName = (value: Value): string => {
  if (value === null) return 'nil';
  if (typeof value === 'boolean') return 'boolean';
  if (isInteger(value)) return 'integer';
  if (isNumber(value)) return 'float';
  if (isString(value)) return 'string';
  if (value instanceof LispySymbol) return 'symbol';
  if (value instanceof Empty || isCell(value)) return isProperList(value) ? 'list' : 'pair';
  if (value instanceof LispyMap) return 'map';
  if (value instanceof Procedure) return 'procedure';
  return 'unknown';
};
