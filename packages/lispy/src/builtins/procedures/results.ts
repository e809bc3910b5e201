/** Procedures over lists that collect results in other ways. */

import type { Steps } from '../../machine/control.ts';
import type { Machine } from '../../machine/machine.ts';
import { quick1, quick2 } from '../../machine/quick.ts';
import { listOf } from '../../values/list.ts';
import { LispyMap } from '../../values/map.ts';
import { isTrue, type Value } from '../../values/value.ts';
import { chargeItems, itemsArg, keyArg, newList } from '../arguments.ts';
import { fixed, type Row, steps } from '../define.ts';

import { withItems } from './items.ts';

function* mapIndexed(machine: Machine, [a = null, b = null]: Value[]): Steps {
  const [fn, items] = withItems(machine, [a, b], 'map-indexed');
  const results: Value[] = [];
  for (const [index, item] of items.entries())
    results.push(quick2(machine, fn, index, item) ?? (yield [fn, index, item]));
  return newList(machine, results);
}

function* appendMap(machine: Machine, args: Value[]): Steps {
  const [fn, items] = withItems(machine, args, 'append-map');
  const results: Value[] = [];
  for (const item of items) {
    const part = itemsArg(machine, quick1(machine, fn, item) ?? (yield [fn, item]), 'append-map');
    chargeItems(
      machine,
      results.length + part.length > machine.limits.items ? results.length + part.length : part.length,
    );
    for (const value of part) results.push(value);
  }
  return listOf(results);
}

function* filterMap(machine: Machine, args: Value[]): Steps {
  const [fn, items] = withItems(machine, args, 'filter-map');
  const results: Value[] = [];
  for (const item of items) {
    const result = quick1(machine, fn, item) ?? (yield [fn, item]);
    if (isTrue(result)) results.push(result);
  }
  return newList(machine, results);
}

function* partition(machine: Machine, args: Value[]): Steps {
  const [fn, items] = withItems(machine, args, 'partition');
  const [yes, no]: [Value[], Value[]] = [[], []];
  for (const item of items) (isTrue(quick1(machine, fn, item) ?? (yield [fn, item])) ? yes : no).push(item);
  return newList(machine, [newList(machine, yes), newList(machine, no)]);
}

/** The leading items that satisfy a test, or what comes after them. */
const leading = (name: string, keep: boolean) =>
  steps(function* (machine, args) {
    const [fn, items] = withItems(machine, args, name);
    let count = 0;
    while (count < items.length && isTrue(quick1(machine, fn, items[count]!) ?? (yield [fn, items[count]!]))) count++;
    return newList(machine, keep ? items.slice(0, count) : items.slice(count));
  });

function* groupBy(machine: Machine, args: Value[]): Steps {
  const [fn, items] = withItems(machine, args, 'group-by');
  const groups = new Map<ReturnType<typeof keyArg>, Value[]>();
  for (const item of items) {
    const key = keyArg(machine, quick1(machine, fn, item) ?? (yield [fn, item]), 'group-by');
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  chargeItems(machine, items.length + groups.size);
  return new LispyMap(new Map([...groups].map(([key, group]) => [key, listOf(group)])));
}

function* countIf(machine: Machine, args: Value[]): Steps {
  const [fn, items] = withItems(machine, args, 'count-if');
  let count = 0;
  for (const item of items) if (isTrue(quick1(machine, fn, item) ?? (yield [fn, item]))) count++;
  return count;
}

const frequencies = (machine: Machine, list: Value): Value => {
  const counts = new Map<ReturnType<typeof keyArg>, Value>();
  for (const item of itemsArg(machine, list, 'frequencies')) {
    const key = keyArg(machine, item, 'frequencies');
    counts.set(key, ((counts.get(key) ?? 0) as number) + 1);
  }
  machine.charge(itemsArg(machine, list, 'frequencies').length);
  chargeItems(machine, counts.size);
  return new LispyMap(counts);
};

export const resultRows: readonly Row[] = [
  ['map-indexed', 'procedure list', 'A list of what a procedure gives for each index and item.', steps(mapIndexed)],
  ['append-map mapcat flat-map', 'procedure list', 'The lists that a procedure gives, in one list.', steps(appendMap)],
  ['filter-map keep', 'procedure list', 'The true results of a procedure.', steps(filterMap)],
  [
    'partition split-with-test',
    'test list',
    'Two lists: the items that satisfy a test, and the others.',
    steps(partition),
  ],
  ['take-while', 'test list', 'The leading items that satisfy a test.', leading('take-while', true)],
  ['drop-while', 'test list', 'The items after the leading ones that satisfy a test.', leading('drop-while', false)],
  ['group-by', 'procedure list', 'A map from what a procedure gives to the items that give it.', steps(groupBy)],
  ['count-if', 'test list', 'How many items satisfy a test.', steps(countIf)],
  ['frequencies', 'list', 'A map from items to how often they come.', fixed(frequencies)],
];
