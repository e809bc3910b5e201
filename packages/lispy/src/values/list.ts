/** Lists: chains of pairs, and views of arrays that behave like chains of pairs but index and walk at array speed. */
import { LispyError } from '../errors.ts';
import type { Origin } from '../reader/origin.ts';
import type { Value } from './value.ts';

/** The class of the one empty list, {@link EMPTY}. */
export class Empty {
  readonly kind = 'empty';
}

export const EMPTY = new Empty();

/** A pair made by `cons`. */
export class Pair {
  car: Value;
  cdr: Value;
  constructor(car: Value, cdr: Value) {
    this.car = car;
    this.cdr = cdr;
  }
}

/**
 * A non-empty list as a window on an array: `cdr` is a new window in O(1). Windows on one array share it, so
 * `set-car!` is seen through all of them, as with pairs.
 */
export class List {
  values: Value[];
  start: number;
  end: number;
  /** Where a form was read, and in which brackets; absent for values made at run time. */
  origin: Origin | undefined;
  constructor(values: Value[], start: number, end: number, origin?: Origin) {
    this.values = values;
    this.start = start;
    this.end = end;
    this.origin = origin;
  }
}

/** What `set-cdr!` did to an array: the chain goes on at `tail`; windows behind the cut look into `cut`. */
type Cut = { readonly tail: Value; readonly cut: Value[] };
const cuts = new WeakMap<Value[], Cut>();
/** Arrays that more than one list relies on (made longer by `conj` or `append`): changing one list copies first. */
const shared = new WeakSet<Value[]>();

/** The list of these items, which must not be changed afterwards. */
export const listOf = (items: Value[]): List | Empty => (items.length === 0 ? EMPTY : new List(items, 0, items.length));

/** Moves a window that lies behind a cut to where its items are now. */
const settle = (list: List): void => {
  while (list.start >= list.values.length) {
    const cut = cuts.get(list.values);
    if (!cut) throw new LispyError('internal', 'List window outside its array');
    list.start -= list.values.length;
    list.end -= list.values.length;
    list.values = cut.cut;
  }
};

/** Where the array part of a list stops. */
export const arrayEnd = (list: List): number => {
  if (list.start >= list.values.length) settle(list);
  return Math.min(list.end, list.values.length);
};

/** What follows the array part of a list: the empty list unless `set-cdr!` put something else there. */
export const endOf = (list: List): Value => {
  if (list.start >= list.values.length) settle(list);
  if (list.end < list.values.length) return EMPTY;
  return cuts.get(list.values)?.tail ?? EMPTY;
};

/** Whether `set-cdr!` changed this list's chain. */
const isCut = (list: List): boolean => list.end > list.values.length || cuts.has(list.values);

export const carOf = (cell: Pair | List): Value => {
  if (cell instanceof Pair) return cell.car;
  if (cell.start >= cell.values.length) settle(cell);
  return cell.values[cell.start]!;
};

export const cdrOf = (cell: Pair | List): Value => {
  if (cell instanceof Pair) return cell.cdr;
  const next = cell.start + 1;
  if (next < cell.end && next < cell.values.length) return new List(cell.values, next, cell.end);
  return next < arrayEnd(cell) ? new List(cell.values, cell.start + 1, cell.end) : endOf(cell);
};

export const setCar = (cell: Pair | List, value: Value): void => {
  if (cell instanceof Pair) cell.car = value;
  else {
    own(cell);
    cell.values[cell.start] = value;
  }
};

export const setCdr = (cell: Pair | List, value: Value): void => {
  if (cell instanceof Pair) {
    cell.cdr = value;
    return;
  }
  own(cell);
  const { values } = cell;
  const before = cuts.get(values);
  const rest = values.splice(cell.start + 1);
  if (rest.length > 0) {
    // Windows on the part behind keep their items: the old end moves to the new array, and the cut leads there.
    if (before) cuts.set(rest, before);
    cuts.set(values, { tail: value, cut: rest });
  } else cuts.set(values, { tail: value, cut: before?.cut ?? [] });
};

/** Gives a list its own array where another list relies on the present one. */
const own = (list: List): void => {
  const end = arrayEnd(list);
  if (!shared.has(list.values) && list.end >= list.values.length) return;
  const tail = endOf(list);
  const values = list.values.slice(list.start, end);
  if (tail !== EMPTY) cuts.set(values, { tail, cut: [] });
  list.values = values;
  list.start = 0;
  list.end = values.length;
};

/** Whether two list values are the same cell. */
export const sameCell = (left: List, right: List): boolean => {
  if (left.start >= left.values.length) settle(left);
  if (right.start >= right.values.length) settle(right);
  return left.values === right.values && left.start === right.start;
};

/** `list` with items at its end; O(items) for the newest list of a chain, else `undefined`. */
export const extended = (list: List, items: readonly Value[]): List | undefined => {
  if (list.end !== list.values.length || isCut(list)) return undefined;
  shared.add(list.values);
  // The items may be this very array.
  const count = items.length;
  for (let index = 0; index < count; index++) list.values.push(items[index]!);
  return new List(list.values, list.start, list.values.length);
};

/** Whether a value is the empty list or a chain that ends in it; cyclic chains do not end. */
export const isProperList = (value: Value): boolean => {
  if (value === EMPTY) return true;
  if (value instanceof List && !isCut(value)) return true;
  let [slow, fast]: [Value, Value] = [value, value];
  for (;;) {
    for (let hop = 0; hop < 2; hop++) {
      if (!(fast instanceof Pair || fast instanceof List)) return fast === EMPTY;
      fast = afterArray(fast);
    }
    slow = afterArray(slow as Pair | List);
    if (isSame(slow, fast)) return fast === EMPTY;
  }
};

const afterArray = (cell: Pair | List): Value => (cell instanceof Pair ? cell.cdr : endOf(cell));

const isSame = (a: Value, b: Value): boolean => a === b || (a instanceof List && b instanceof List && sameCell(a, b));
