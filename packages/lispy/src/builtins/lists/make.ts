/** Making lists: of items, of numbers, of other lists. */
import type { Machine } from '../../machine/machine.ts';
import { rangeError } from '../../type-error.ts';
import { EMPTY, extended, List, listOf, Pair } from '../../values/list.ts';
import { LispyMap } from '../../values/map.ts';
import { isCell, isString, type Value } from '../../values/value.ts';
import {
  chargeItems,
  countArg,
  integerArg,
  isList,
  itemsArg,
  keyArg,
  listArg,
  newList,
  stringArg,
} from '../arguments.ts';
import { fixed, type Row, spread } from '../define.ts';

/** Appends lists; the last may be anything, as in Scheme. */
const append = (machine: Machine, lists: Value[]): Value => {
  if (lists.length === 0) return EMPTY;
  const last = lists.at(-1)!;
  const first = lists[0]!;
  if (lists.length === 2 && first instanceof List && isCell(last)) {
    const more = listArg(machine, last, 'append');
    chargeItems(machine, more.length);
    const longer = extended(first, more);
    if (longer) {
      if (longer.end - longer.start > machine.limits.items) chargeItems(machine, longer.end - longer.start);
      return longer;
    }
  }
  const items: Value[] = [];
  for (const list of lists.slice(0, -1)) {
    const more = listArg(machine, list, 'append');
    chargeItems(machine, items.length + more.length);
    for (const item of more) items.push(item);
  }
  if (last === null || last === EMPTY) return listOf(items);
  if (isList(last)) {
    const more = listArg(machine, last, 'append');
    chargeItems(machine, items.length + more.length);
    for (const item of more) items.push(item);
    return listOf(items);
  }
  return items.reduceRight<Value>((tail, item) => new Pair(item, tail), last);
};

/** Clojure's `conj`: at the end of a list, or an entry into a map. */
const conj = (machine: Machine, args: Value[]): Value => {
  const [collection = null, ...items] = args;
  if (collection instanceof LispyMap) {
    return items.reduce<LispyMap>((map, item) => {
      if (item instanceof LispyMap) return [...item.entries()].reduce((all, [key, value]) => all.with(key, value), map);
      const [key = null, value = null] = listArg(machine, item, 'conj');
      machine.allocate(64);
      return map.with(keyArg(machine, key, 'conj'), value);
    }, collection);
  }
  return append(machine, [collection === null ? EMPTY : collection, listOf(items)]);
};

const reverse = (machine: Machine, value: Value): Value => {
  if (isString(value)) return [...stringArg(machine, value, 'reverse')].reverse().join('');
  const items = listArg(machine, value, 'reverse');
  chargeItems(machine, items.length);
  return listOf(items.toReversed());
};

export const range = (machine: Machine, ...args: Value[]): Value => {
  const numbers = args.filter((arg) => arg !== undefined).map((arg) => integerArg(arg, 'range'));
  const [from, to] = numbers.length === 1 ? [0, numbers[0]!] : [numbers[0]!, numbers[1]!];
  const step = numbers[2] ?? 1;
  if (step === 0) throw rangeError('"range" expects a step other than 0');
  const count = Math.max(0, Math.ceil((to - from) / step));
  chargeItems(machine, count);
  return listOf(Array.from({ length: count }, (_, index) => from + index * step));
};

const iota = (machine: Machine, count: Value, start: Value = 0, step: Value = 1): Value => {
  const size = countArg(machine, count, 'iota');
  const [from, by] = [integerArg(start, 'iota'), integerArg(step, 'iota')];
  chargeItems(machine, size);
  return listOf(Array.from({ length: size }, (_, index) => from + index * by));
};

const makeList = (machine: Machine, count: Value, fill: Value = null): Value => {
  const size = countArg(machine, count, 'make-list');
  chargeItems(machine, size);
  return listOf(new Array<Value>(size).fill(fill));
};

/** Flattens lists of any depth without recursion. */
const flatten = (machine: Machine, value: Value): Value => {
  const flat: Value[] = [];
  const stack: { items: Value[]; next: number }[] = [{ items: listArg(machine, value, 'flatten'), next: 0 }];
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    const item = top.items[top.next++];
    if (item === undefined) stack.pop();
    else if (item === EMPTY) continue;
    else if (isCell(item) && isList(item)) {
      if (stack.length > machine.limits.depth)
        throw rangeError('"flatten" expects lists that are not nested without end');
      machine.charge(1);
      stack.push({ items: listArg(machine, item, 'flatten'), next: 0 });
    } else {
      if ((flat.length & 255) === 0) chargeItems(machine, 256);
      flat.push(item);
      if (flat.length > machine.limits.items) chargeItems(machine, flat.length);
    }
  }
  return listOf(flat);
};

const zip = (machine: Machine, lists: Value[]): Value => {
  const columns = lists.map((list) => listArg(machine, list, 'zip'));
  const size = columns.length === 0 ? 0 : Math.min(...columns.map((column) => column.length));
  chargeItems(machine, size * (columns.length + 1));
  return listOf(Array.from({ length: size }, (_, index) => listOf(columns.map((column) => column[index]!))));
};

const interleave = (machine: Machine, lists: Value[]): Value =>
  newList(
    machine,
    listArg(machine, zip(machine, lists), 'interleave').flatMap((item) => listArg(machine, item, 'interleave')),
  );

const partitionAll = (machine: Machine, size: Value, list: Value, whole: boolean, stride?: Value): Value => {
  const count = integerArg(size, 'partition', 1);
  const step = stride === undefined ? count : integerArg(stride, 'partition', 1);
  const items = listArg(machine, list, 'partition');
  const parts: Value[] = [];
  for (let at = 0; at < items.length; at += step) {
    if (whole && at + count > items.length) break;
    parts.push(newList(machine, items.slice(at, at + count)));
  }
  return newList(machine, parts);
};

export const makeRows: readonly Row[] = [
  ['list vector tuple', '. item', 'A list of the arguments.', spread((machine, items) => newList(machine, items))],
  [
    'list* cons*',
    'item . more',
    'A list whose tail is the last argument.',
    spread((machine, items) => append(machine, [listOf(items.slice(0, -1)), items.at(-1)!])),
  ],
  ['append concat into-list', '. list', 'One list of the items of all.', spread(append)],
  ['conj', 'collection . item', 'A list with items at its end, or a map with entries.', spread(conj)],
  [
    'snoc append-item',
    'list item',
    'A list with one more item at its end.',
    fixed((machine, list, item) => conj(machine, [list, item])),
  ],
  ['reverse', 'list', 'The items from last to first; also of a string.', fixed(reverse)],
  ['range', 'from-or-to [to] [step]', 'The integers from 0 or `from` up to `to`.', fixed(range)],
  ['iota', 'count [start] [step]', 'That many integers.', fixed(iota)],
  ['make-list make-vector', 'count [fill]', 'A list of one item many times.', fixed(makeList)],
  ['repeat', 'count item', 'A list of one item many times.', fixed(makeList)],
  ['flatten', 'list', 'All items of nested lists in one list.', fixed(flatten)],
  ['zip', '. list', 'Lists of the first items, the second items, and so on.', spread(zip)],
  ['interleave', '. list', 'The first items, then the second items, and so on.', spread(interleave)],
  [
    'enumerate',
    'list',
    'Lists of index and item.',
    fixed((machine, list) =>
      newList(
        machine,
        itemsArg(machine, list, 'enumerate').map((item, index) => listOf([index, item])),
      ),
    ),
  ],
  [
    'partition-all chunk',
    'size list',
    'Lists of that many items; the last may be shorter.',
    fixed((machine, size, list) => partitionAll(machine, size, list, false)),
  ],
  [
    'list-copy vec vector->list list->vector',
    'list',
    'A new list of the same items.',
    fixed((machine, list) => newList(machine, [...itemsArg(machine, list, 'list-copy')])),
  ],
  [
    'seq',
    'collection',
    'The items of a list, string or map as a list; nil where there are none.',
    fixed((machine, value) => {
      const items = itemsArg(machine, value, 'seq');
      return items.length === 0 ? null : isList(value) ? value : newList(machine, items);
    }),
  ],
];
