/** Sorting: stable, by natural order or by a procedure, and never longer than a time slice allows. */

import type { Steps } from '../machine/control.ts';
import type { Machine } from '../machine/machine.ts';
import { quick1, quick2 } from '../machine/quick.ts';
import { typeError } from '../type-error.ts';
import { compareNumbers } from '../values/arithmetic.ts';
import { textOf } from '../values/equal.ts';
import { Procedure } from '../values/procedure.ts';
import { LispySymbol } from '../values/symbol.ts';
import { isCell, isNumber, isString, isTrue, type Value } from '../values/value.ts';
import { itemsArg, newList } from './arguments.ts';
import { family, fixed, type Row, steps } from './define.ts';

/** The natural order of two values of one type; lists compare item by item. */
const compareValues = (machine: Machine, a: Value, b: Value, depth = 0): number => {
  machine.charge(1);
  if (isNumber(a) && isNumber(b)) return compareNumbers(a, b, 'sort');
  if (isString(a) && isString(b)) {
    const [x, y] = [textOf(a, machine), textOf(b, machine)];
    machine.charge(Math.min(x.length, y.length) >> 6);
    return x < y ? -1 : x > y ? 1 : 0;
  }
  if (a instanceof LispySymbol && b instanceof LispySymbol) return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (isCell(a) && isCell(b) && depth < 100) {
    const [x, y] = [itemsArg(machine, a, 'sort'), itemsArg(machine, b, 'sort')];
    for (let index = 0; index < x.length && index < y.length; index++) {
      const order = compareValues(machine, x[index]!, y[index]!, depth + 1);
      if (order !== 0) return order;
    }
    return x.length - y.length;
  }
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (a === b) return 0;
  throw typeError('sort', 'values that have an order', a);
};

/** Values of different types: nil, booleans, numbers, strings, symbols, then the rest. */
const rank = (value: Value): number => {
  if (value === null) return 0;
  if (typeof value === 'boolean') return 1;
  if (isNumber(value)) return 2;
  if (isString(value)) return 3;
  return value instanceof LispySymbol ? 4 : 5;
};

/** Merges runs from the bottom up; asks a procedure, or the natural order, which of two items comes first. */
function* mergeSort(
  machine: Machine,
  items: Value[],
  goesBefore: ((b: Value, a: Value) => Steps) | undefined,
): Generator<readonly [Value, ...Value[]] | undefined, Value[], Value> {
  let from = items;
  let to: Value[] = new Array<Value>(items.length).fill(null);
  machine.allocate(items.length * 16);
  for (let width = 1; width < items.length; width *= 2) {
    for (let low = 0; low < items.length; low += 2 * width) {
      const middle = Math.min(low + width, items.length);
      const high = Math.min(low + 2 * width, items.length);
      let [left, right] = [low, middle];
      for (let at = low; at < high; at++) {
        let takeRight = left >= middle;
        if (!takeRight && right < high) {
          if (machine.fuel <= 0) yield undefined;
          takeRight = goesBefore
            ? isTrue(yield* goesBefore(from[right]!, from[left]!))
            : compareValues(machine, from[right]!, from[left]!) < 0;
        }
        to[at] = from[takeRight ? right++ : left++]!;
      }
    }
    [from, to] = [to, from];
  }
  return from;
}

/** Asks a comparison procedure: a number below zero and any other true value mean "before". */
const asked = (machine: Machine, fn: Value) =>
  function* (b: Value, a: Value): Steps {
    const result = quick2(machine, fn, b, a) ?? (yield [fn, b, a]);
    return isNumber(result) ? compareNumbers(result, 0, 'sort') < 0 : isTrue(result);
  };

const split = (args: readonly Value[]): [list: Value, fn: Value | undefined] => {
  const [a = null, b] = args;
  if (b === undefined) return [a, undefined];
  return a instanceof Procedure ? [b, a] : [a, b];
};

function* sort(machine: Machine, args: Value[]): Steps {
  const [list, fn] = split(args);
  const items = itemsArg(machine, list, 'sort').slice();
  const before = fn === undefined ? undefined : asked(machine, fn);
  return newList(machine, yield* mergeSort(machine, items, before));
}

/** Sorts by a key that a procedure computes once for each item. */
function* sortBy(machine: Machine, args: Value[]): Steps {
  const [list, fn = null] = split(args.slice(0, 2));
  const items = itemsArg(machine, list, 'sort-by').slice();
  const order = args[2];
  const keyed: Value[] = [];
  for (const item of items) keyed.push(quick1(machine, fn, item) ?? (yield [fn, item]));
  const indexes = items.map((_, index) => index as Value);
  const compare = order === undefined ? undefined : asked(machine, order);
  const before = function* (b: Value, a: Value): Steps {
    const [x, y] = [keyed[b as number]!, keyed[a as number]!];
    return compare ? yield* compare(x, y) : compareValues(machine, x, y) < 0;
  };
  const sorted = yield* mergeSort(machine, indexes, before);
  return newList(
    machine,
    sorted.map((index) => items[index as number]!),
  );
}

/** The item with the greatest or least key. */
const extremeBy = (name: string, sign: number) =>
  steps(function* (machine, args) {
    const [list, fn = null] = split(args);
    let best: { item: Value; key: Value } | undefined;
    for (const item of itemsArg(machine, list, name).slice()) {
      const key = quick1(machine, fn, item) ?? (yield [fn, item]);
      if (!best || compareValues(machine, key, best.key) * sign > 0) best = { item, key };
    }
    return best?.item ?? null;
  });

const rows: Row[] = [
  [
    'sort sorted list-sort',
    'list [before?]',
    'The items in order, or as a procedure wants it; arguments in either order.',
    steps(sort),
  ],
  ['sort-by', 'key list [before?]', 'The items in the order of what a procedure gives for them.', steps(sortBy)],
  ['max-by max-key', 'key list', 'The item with the greatest key; nil of nothing.', extremeBy('max-by', 1)],
  ['min-by min-key', 'key list', 'The item with the least key; nil of nothing.', extremeBy('min-by', -1)],
  [
    'compare',
    'a b',
    'Below zero, zero or above zero by natural order.',
    fixed((machine, a, b) => compareValues(machine, a, b)),
  ],
];

export const sortBuiltins = family('sorting', rows);
