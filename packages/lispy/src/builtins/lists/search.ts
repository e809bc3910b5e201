/** Looking for items in lists, association lists and maps. */
import type { Machine } from '../../machine/machine.ts';
import { rangeError, typeError } from '../../type-error.ts';
import { equalValues, identical } from '../../values/equal.ts';
import { carOf, cdrOf, EMPTY } from '../../values/list.ts';
import { LispyMap } from '../../values/map.ts';
import { isCell, isString, type Value } from '../../values/value.ts';
import { chargeItems, isList, itemsArg, keyArg, listArg, mapArg, newList, stringArg } from '../arguments.ts';
import { fixed, type Row, spread } from '../define.ts';
import { firstIndex } from '../strings/find.ts';

import { replaceAt } from './parts.ts';

const indexOf = (machine: Machine, a: Value, b: Value): Value => {
  if (isString(a) && isString(b)) {
    machine.charge(a.length >> 6);
    return firstIndex(machine, stringArg(machine, a, 'index-of'), stringArg(machine, b, 'index-of'));
  }
  const [list, item] = isList(a) || a === null ? [a, b] : [b, a];
  machine.charge(listArg(machine, list, 'index-of').length);
  return listArg(machine, list, 'index-of').findIndex((value) => equalValues(value, item, machine));
};

/** Whether a container has an item: an item of a list, a key of a map, a part of a string. */
const contains = (machine: Machine, container: Value, item: Value): boolean => {
  if (container === null || container === EMPTY) return false;
  if (container instanceof LispyMap)
    return mapArg(machine, container, 'contains?').has(keyArg(machine, item, 'contains?'));
  if (isString(container)) {
    machine.charge(container.length >> 6);
    if (!isString(item)) return false;
    const [text, part] = [stringArg(machine, container, 'contains?'), stringArg(machine, item, 'contains?')];
    return firstIndex(machine, text, part) !== -1;
  }
  const items = listArg(machine, container, 'contains?');
  machine.charge(items.length);
  return items.some((value) => equalValues(value, item, machine));
};

/** `(member x l)`, and the other order where only that makes sense. */
const member = (machine: Machine, item: Value, container: Value): Value => {
  const isContainer = (value: Value): boolean => isList(value) || value instanceof LispyMap || value === null;
  if (!isContainer(container) && !isString(container)) {
    if (!isContainer(item)) throw typeError('member', 'a list', container);
    return contains(machine, item, container);
  }
  return contains(machine, container, item);
};

/** `memq` gives the rest of the list from the item on, as in Scheme. */
const memq = (machine: Machine, item: Value, list: Value): Value => {
  for (let at = list; isCell(at); at = cdrOf(at)) {
    machine.charge(1);
    if (identical(carOf(at), item, machine)) return at;
  }
  return false;
};

/** The pair of an association list whose key is equal; #f where there is none. */
const findPair = (machine: Machine, key: Value, list: Value, same: typeof equalValues, name: string): Value => {
  for (const item of listArg(machine, list, name)) {
    machine.charge(1);
    if (isCell(item) && same(carOf(item), key, machine)) return item;
  }
  return false;
};

/** On a map a new map, on an association list the pair: told apart by type. */
export const assoc = (machine: Machine, args: Value[]): Value => {
  const [a = null, b = null, ...more] = args;
  if (a instanceof LispyMap || (a === null && args.length >= 3)) {
    const pairs = [b, ...more];
    if (pairs.length % 2 === 1) throw rangeError('"assoc" expects a value for each key');
    let map = a ?? new LispyMap();
    machine.charge(map.distance);
    for (let index = 0; index < pairs.length; index += 2) {
      map = map.with(keyArg(machine, pairs[index]!, 'assoc'), pairs[index + 1]!);
      chargeItems(machine, 1);
      if (map.size > machine.limits.items) chargeItems(machine, map.size);
    }
    return map;
  }
  if (typeof b === 'number' && isList(a) && more.length === 1) return replaceAt(machine, a, b, more[0]!);
  if (isList(a) && typeof a !== typeof b && !isList(b)) return findPair(machine, b, a, equalValues, 'assoc');
  if (!isList(b) && b !== null) throw typeError('assoc', 'a map, or a key and an association list', a);
  return findPair(machine, a, b, equalValues, 'assoc');
};

const distinct = (machine: Machine, list: Value): Value => {
  const items = itemsArg(machine, list, 'distinct');
  const seen = new Set<unknown>();
  const kept: Value[] = [];
  const compound: Value[] = [];
  for (const item of items) {
    machine.charge(1);
    if (typeof item !== 'object' || item === null) {
      if (!seen.has(item)) {
        seen.add(item);
        kept.push(item);
      }
    } else if (!compound.some((other) => equalValues(other, item, machine))) {
      machine.charge(compound.length);
      compound.push(item);
      kept.push(item);
    }
  }
  return newList(machine, kept);
};

const remove = (machine: Machine, item: Value, list: Value): Value => {
  const items = listArg(machine, list, 'delete');
  machine.charge(items.length);
  return newList(
    machine,
    items.filter((value) => !equalValues(value, item, machine)),
  );
};

export const searchRows: readonly Row[] = [
  [
    'index-of list-index-of',
    'list item',
    'The index of an item or of a part of a string; -1 where absent.',
    fixed(indexOf),
  ],
  [
    'contains? includes? has?',
    'container item',
    'Whether a list has an item, a map a key, a string a part.',
    fixed(contains),
  ],
  ['member member? elem?', 'item list', 'Whether an item is in a list.', fixed(member)],
  ['memq memv', 'item list', 'The list from the item on; #f where absent.', fixed(memq)],
  [
    'assoc',
    '. argument',
    'Of a map, keys and values: a new map. Of a key and an association list: its pair or #f.',
    spread(assoc),
  ],
  [
    'assq assv',
    'key list',
    'The pair with that key; #f where absent.',
    fixed((machine, key, list) => findPair(machine, key, list, identical, 'assq')),
  ],
  ['delete remove-item', 'item list', 'The list without an item.', fixed(remove)],
  [
    'unique distinct remove-duplicates dedupe delete-duplicates',
    'list',
    'The list without repeated items.',
    fixed(distinct),
  ],
];
