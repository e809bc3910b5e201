/** Procedures over lists: map, filter, fold, search. */
import { TailCall } from '../../machine/control.ts';
import type { Machine } from '../../machine/machine.ts';
import { EachTask, FilterTask, MapTask, ReduceTask, SearchTask } from '../../machine/tasks.ts';
import { LispyMap } from '../../values/map.ts';
import type { ControlPrimitive } from '../../values/procedure.ts';
import type { Value } from '../../values/value.ts';
import { isList, itemsArg } from '../arguments.ts';
import { control, type Row } from '../define.ts';

import { own, rowsOf, spreadProcedure, withItems } from './items.ts';

const mapLists = (machine: Machine, args: Value[]): Value | MapTask | ReturnType<ControlPrimitive> => {
  if (args.length === 2) return new MapTask(...withItems(machine, args, 'map'));
  const lists = args.slice(1).map((list) => itemsArg(machine, list, 'map'));
  return new MapTask(spreadProcedure(args[0]!), rowsOf(machine, lists));
};

const eachLists: ControlPrimitive = (machine, args) => {
  if (args.length === 2) return new EachTask(...withItems(machine, args, 'for-each'));
  return new EachTask(
    spreadProcedure(args[0]!),
    rowsOf(
      machine,
      args.slice(1).map((list) => itemsArg(machine, list, 'for-each')),
    ),
  );
};

/** `(reduce f init l)`, `(reduce f l)` and `(reduce f l init)`, told apart by type. */
const reduce =
  (name: string, itemFirst: boolean, fromEnd: boolean): ControlPrimitive =>
  (machine, args) => {
    const [fn = null, a = null, b] = args;
    if (b === undefined) {
      const items = own(machine, a, name);
      if (fromEnd) items.reverse();
      if (items.length === 0) return new TailCall(fn, []);
      return new ReduceTask(fn, items[0]!, items, 1, itemFirst);
    }
    const isItems = (value: Value): boolean => isList(value) || value === null;
    // Two lists: Scheme's order, where the start comes first. A map is a start unless the other is none.
    const listFirst = isItems(a) && !isItems(b) && !(b instanceof LispyMap && a === null);
    const [init, list] = listFirst ? [b, a] : [a, b];
    const items = own(machine, list, name);
    if (fromEnd) items.reverse();
    return new ReduceTask(fn, init, items, 0, itemFirst);
  };

const search =
  (
    name: string,
    stop: boolean,
    otherwise: Value,
    found: (item: Value, result: Value, index: number) => Value,
  ): ControlPrimitive =>
  (machine, args) => {
    if (args.length > 2) {
      const rows = rowsOf(
        machine,
        args.slice(1).map((list) => itemsArg(machine, list, name)),
      );
      return new SearchTask(spreadProcedure(args[0]!), rows, stop, otherwise, found);
    }
    const [fn, items] = withItems(machine, args, name);
    return new SearchTask(fn, items, stop, otherwise, found);
  };

export const listRows: readonly Row[] = [
  ['map', 'procedure list . list', 'A list of what a procedure gives for each item.', control(mapLists)],
  ['mapv', 'procedure list . list', 'The same as `map`.', control(mapLists)],
  ['for-each run!', 'procedure list . list', 'Calls a procedure with each item, for its effects.', control(eachLists)],
  [
    'filter filterv keep-if select',
    'test list',
    'The items that satisfy a test.',
    control((machine, args) => new FilterTask(...withItems(machine, args, 'filter'), true)),
  ],
  [
    'remove reject',
    'test list',
    'The items that do not satisfy a test.',
    control((machine, args) => new FilterTask(...withItems(machine, args, 'remove'), false)),
  ],
  [
    'reduce',
    'procedure start-or-list [list-or-start]',
    'Combines items: (reduce f start l), (reduce f l) or (reduce f l start).',
    control(reduce('reduce', false, false)),
  ],
  [
    'fold fold-left foldl',
    'procedure start list',
    'Combines items from the first on; the procedure takes (result item).',
    control(reduce('fold', false, false)),
  ],
  [
    'fold-right foldr',
    'procedure start list',
    'Combines items from the last on; the procedure takes (item result).',
    control(reduce('fold-right', true, true)),
  ],
  [
    'find find-first',
    'test list',
    'The first item that satisfies a test; #f where none does.',
    control(search('find', true, false, (item) => item)),
  ],
  [
    'find-index list-index index-where',
    'test list',
    'The index of the first item that satisfies a test; -1 where none does.',
    control(search('find-index', true, -1, (_item, _result, index) => index)),
  ],
  [
    'any some any? ormap',
    'test list . list',
    'The first true result of a test; #f where there is none.',
    control(search('any', true, false, (_item, result) => result)),
  ],
  [
    'every every? all? all andmap',
    'test list . list',
    'Whether all items satisfy a test.',
    control(search('every', false, true, () => false)),
  ],
  [
    'not-any? none?',
    'test list',
    'Whether no item satisfies a test.',
    control(search('not-any?', true, true, () => false)),
  ],
];
