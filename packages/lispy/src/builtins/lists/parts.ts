/** Parts of lists: items by position, and runs of them. */
import type { Machine } from '../../machine/machine.ts';
import { rangeError, typeError } from '../../type-error.ts';
import { carOf, EMPTY, List } from '../../values/list.ts';
import { LispyMap } from '../../values/map.ts';
import { isCell, isString, type Value } from '../../values/value.ts';
import { integerArg, itemsArg, listArg, newList, stringArg } from '../arguments.ts';
import { fixed, type Row } from '../define.ts';

import { cdr } from './cells.ts';

export const length = (machine: Machine, value: Value): Value => {
  if (isString(value)) return value.length;
  if (value instanceof LispyMap) return value.size;
  return listArg(machine, value, 'length').length;
};

/** Item of a list or character of a string; lists and numbers are told apart by type, in either order. */
const nth = (machine: Machine, a: Value, b: Value, otherwise: Value = null): Value => {
  const [list, index] = typeof a === 'number' && typeof b !== 'number' ? [b, a] : [a, b];
  const at = integerArg(index, 'nth');
  if (isString(list)) return stringArg(machine, list, 'nth')[at] ?? otherwise;
  if (at < 0) return otherwise;
  // The array of a list is indexed without walking it.
  if (list instanceof List && list.start + at < list.end && list.end <= list.values.length)
    return list.values[list.start + at]!;
  return listArg(machine, list, 'nth')[at] ?? otherwise;
};

const listRef = (machine: Machine, list: Value, index: Value): Value => {
  const at = integerArg(index, 'list-ref', 0);
  const missing = rangeError(`"list-ref" expects an index below the length, got ${at}`);
  const items = listArg(machine, list, 'list-ref');
  const item = items[at];
  if (item === undefined) throw missing;
  return item;
};

export const first = (machine: Machine, value: Value): Value => {
  if (isCell(value)) return carOf(value);
  if (isString(value)) return stringArg(machine, value, 'first')[0] ?? null;
  if (value instanceof LispyMap) return itemsArg(machine, value, 'first')[0] ?? null;
  if (value === null || value === EMPTY) return null;
  throw typeError('first', 'a list', value);
};

export const rest = (machine: Machine, value: Value): Value => {
  if (value === null || value === EMPTY) return EMPTY;
  if (isString(value)) return newList(machine, itemsArg(machine, value, 'rest').slice(1));
  return cdr(machine, value);
};

const position =
  (index: number, name: string) =>
  (machine: Machine, value: Value): Value =>
    itemsArg(machine, value, name)[index] ?? null;

export const last = (machine: Machine, value: Value): Value => itemsArg(machine, value, 'last').at(-1) ?? null;

/** `(take l n)` and `(take n l)`. */
const counted =
  (name: string, cut: (items: Value[], count: number) => Value[]) =>
  (machine: Machine, a: Value, b: Value): Value => {
    const [list, count] = typeof a === 'number' ? [b, a] : [a, b];
    const amount = Math.max(0, integerArg(count, name));
    const items = itemsArg(machine, list, name);
    const part = cut(items, Math.min(amount, items.length));
    return isString(list) ? part.join('') : newList(machine, part);
  };

const sublist = (machine: Machine, list: Value, from: Value, to?: Value): Value => {
  const items = itemsArg(machine, list, 'sublist');
  const start = integerArg(from, 'sublist', 0, items.length);
  const end = to === undefined ? items.length : integerArg(to, 'sublist', start, items.length);
  return newList(machine, items.slice(start, end));
};

export const replaceAt = (machine: Machine, list: Value, index: Value, value: Value): Value => {
  const items = listArg(machine, list, 'list-set');
  const at = integerArg(index, 'list-set', 0, Math.max(0, items.length - 1));
  return newList(machine, items.with(at, value));
};

export const partRows: readonly Row[] = [
  ['length count size len vector-length', 'collection', 'The number of items, entries or characters.', fixed(length)],
  ['nth', 'list index [default]', 'The item at an index; nil out of range.', fixed(nth)],
  ['list-ref vector-ref', 'list index', 'The item at an index; an error out of range.', fixed(listRef)],
  ['first head', 'list', 'The first item; nil where there is none.', fixed(first)],
  ['second', 'list', 'The second item or nil.', fixed(position(1, 'second'))],
  ['third', 'list', 'The third item or nil.', fixed(position(2, 'third'))],
  ['fourth', 'list', 'The fourth item or nil.', fixed(position(3, 'fourth'))],
  ['fifth', 'list', 'The fifth item or nil.', fixed(position(4, 'fifth'))],
  ['rest tail next', 'list', 'All but the first item; of nothing, nothing.', fixed(rest)],
  ['last', 'list', 'The last item; nil where there is none.', fixed(last)],
  [
    'butlast but-last init',
    'list',
    'All but the last item.',
    fixed((machine, list) => newList(machine, listArg(machine, list, 'butlast').slice(0, -1))),
  ],
  [
    'take',
    'list count',
    'The first items; arguments in either order.',
    fixed(counted('take', (items, count) => items.slice(0, count))),
  ],
  [
    'drop',
    'list count',
    'All but the first items; arguments in either order.',
    fixed(counted('drop', (items, count) => items.slice(count))),
  ],
  [
    'take-right take-last',
    'list count',
    'The last items.',
    fixed(counted('take-right', (items, count) => items.slice(items.length - count))),
  ],
  [
    'drop-right drop-last',
    'list count',
    'All but the last items.',
    fixed(counted('drop-right', (items, count) => items.slice(0, items.length - count))),
  ],
  ['list-head', 'list count', 'The first items.', fixed((machine, list, count) => sublist(machine, list, 0, count))],
  ['sublist subvec slice list-slice', 'list from [to]', 'The items from one index up to another.', fixed(sublist)],
  ['list-set assoc-at', 'list index value', 'A new list with another item at an index.', fixed(replaceAt)],
];
