/** Maps: made, read, changed to new ones, and changed in place. */
import type { Machine } from '../machine/machine.ts';
import { typeError } from '../type-error.ts';
import { textOf } from '../values/equal.ts';
import { List, listOf, Pair } from '../values/list.ts';
import { keyValue, LispyMap, type MapKey } from '../values/map.ts';
import { isCell, isString, type Value } from '../values/value.ts';
import { chargeItems, isList, itemsArg, keyArg, listArg, mapArg, newList } from './arguments.ts';
import { family, fixed, type Row, spread } from './define.ts';
import { makeMap } from './internals.ts';

/** The value of a key, of an index, or of a character; `otherwise` where there is none. */
const get = (machine: Machine, container: Value, key: Value, otherwise: Value = null): Value => {
  if (container instanceof LispyMap) {
    const { distance } = container;
    if (distance > 0) machine.charge(distance);
    return container.get(typeof key === 'string' ? key : keyArg(machine, key, 'get')) ?? otherwise;
  }
  if (container === null) return otherwise;
  if (isString(container)) return typeof key === 'number' ? (textOf(container, machine)[key] ?? otherwise) : otherwise;
  if (!isList(container)) throw typeError('get', 'a map or a list', container);
  if (typeof key === 'number') return listArg(machine, container, 'get')[key] ?? otherwise;
  // An association list, as Scheme programs keep them.
  const entry = listArg(machine, container, 'get').find((item) => isCell(item) && carIs(machine, item, key));
  return entry === undefined
    ? otherwise
    : entry instanceof Pair
      ? entry.cdr
      : (listArg(machine, entry, 'get')[1] ?? otherwise);
};

const carIs = (machine: Machine, cell: Pair | List, key: Value): boolean => {
  machine.charge(1);
  const car = cell instanceof Pair ? cell.car : cell.values[cell.start]!;
  return car === key || (isString(car) && isString(key) && textOf(car, machine) === textOf(key, machine));
};

const getIn = (machine: Machine, container: Value, path: Value, otherwise: Value = null): Value => {
  let at = container;
  for (const key of listArg(machine, path, 'get-in')) {
    if (!(at instanceof LispyMap || isList(at))) return otherwise;
    at = get(machine, at, key, null);
    if (at === null) return otherwise;
  }
  return at;
};

/** Adds entries to a map that is about to be given out. */
const withEntries = (machine: Machine, map: LispyMap, entries: Iterable<readonly [MapKey, Value]>): LispyMap => {
  let result = map;
  for (const [key, value] of entries) {
    chargeItems(machine, 1);
    result = result.with(key, value);
    if (result.size > machine.limits.items) chargeItems(machine, result.size);
  }
  return result;
};

const dictSet = (machine: Machine, [target = null, ...pairs]: Value[]): Value => {
  const map = target === null ? new LispyMap() : mapArg(machine, target, 'dict-set');
  if (pairs.length % 2 === 1) throw typeError('dict-set', 'a value for each key', pairs.at(-1)!);
  const entries: [MapKey, Value][] = [];
  for (let index = 0; index < pairs.length; index += 2)
    entries.push([keyArg(machine, pairs[index]!, 'dict-set'), pairs[index + 1]!]);
  return withEntries(machine, map, entries);
};

const dictSetInPlace = (machine: Machine, target: Value, key: Value, value: Value): Value => {
  const map = mapArg(machine, target, 'dict-set!');
  machine.charge(map.copyCost);
  chargeItems(machine, 1);
  map.set(keyArg(machine, key, 'dict-set!'), value);
  if (map.size > machine.limits.items) chargeItems(machine, map.size);
  return map;
};

const dictDeleteInPlace = (machine: Machine, target: Value, key: Value): Value => {
  const map = mapArg(machine, target, 'dict-delete!');
  machine.charge(map.copyCost + 1);
  map.delete(keyArg(machine, key, 'dict-delete!'));
  return map;
};

const without = (machine: Machine, [target = null, ...keys]: Value[]): Value => {
  const map = target === null ? new LispyMap() : mapArg(machine, target, 'dissoc');
  chargeItems(machine, map.size);
  return map.without(keys.map((key) => keyArg(machine, key, 'dissoc')));
};

const keys = (machine: Machine, target: Value): Value => {
  if (target === null) return listOf([]);
  return newList(machine, [...mapArg(machine, target, 'keys').entries().keys()].map(keyValue));
};

const values = (machine: Machine, target: Value): Value => {
  if (target === null) return listOf([]);
  return newList(machine, [...mapArg(machine, target, 'values').entries().values()]);
};

const entriesOf = (machine: Machine, target: Value): Value =>
  newList(machine, itemsArg(machine, target, 'entries').slice());

const hasKey = (machine: Machine, target: Value, key: Value): Value =>
  target === null ? false : mapArg(machine, target, 'has-key?').has(keyArg(machine, key, 'has-key?'));

/** Later maps win. */
const merge = (machine: Machine, maps: Value[]): Value => {
  const all = maps.filter((map) => map !== null).map((map) => mapArg(machine, map, 'merge'));
  const [first = new LispyMap(), ...rest] = all;
  return rest.reduce((result, map) => withEntries(machine, result, [...map.entries()]), first);
};

const mergeInPlace = (machine: Machine, [target = null, ...maps]: Value[]): Value => {
  for (const map of maps)
    for (const [key, value] of [...mapArg(machine, map, 'dict-merge!').entries()])
      dictSetInPlace(machine, target, keyValue(key), value);
  return target;
};

const selectKeys = (machine: Machine, target: Value, wanted: Value): Value => {
  const map = mapArg(machine, target, 'select-keys');
  const chosen = new Map<MapKey, Value>();
  machine.charge(listArg(machine, wanted, 'select-keys').length);
  for (const item of listArg(machine, wanted, 'select-keys')) {
    const key = keyArg(machine, item, 'select-keys');
    const value = map.get(key);
    if (value !== undefined) chosen.set(key, value);
  }
  chargeItems(machine, chosen.size);
  return new LispyMap(chosen);
};

/** A map of keys and values from two lists. */
const zipMap = (machine: Machine, first: Value, second: Value): Value => {
  const [names, items] = [listArg(machine, first, 'zipmap'), listArg(machine, second, 'zipmap')];
  const count = Math.min(names.length, items.length);
  chargeItems(machine, count);
  return new LispyMap(
    new Map(Array.from({ length: count }, (_, index) => [keyArg(machine, names[index]!, 'zipmap'), items[index]!])),
  );
};

/** A map of a list of pairs or of two-item lists. */
const fromPairs = (machine: Machine, list: Value): Value => {
  machine.charge(listArg(machine, list, 'alist->dict').length);
  const entries = listArg(machine, list, 'alist->dict').map((item): [MapKey, Value] => {
    if (item instanceof Pair && !(item.cdr instanceof Pair || item.cdr instanceof List))
      return [keyArg(machine, item.car, 'alist->dict'), item.cdr];
    const [key = null, value = null] = listArg(machine, item, 'alist->dict');
    return [keyArg(machine, key, 'alist->dict'), value];
  });
  chargeItems(machine, entries.length);
  return new LispyMap(new Map(entries));
};

const assocIn = (machine: Machine, target: Value, path: Value, value: Value): Value => {
  const steps = listArg(machine, path, 'assoc-in').map((key) => keyArg(machine, key, 'assoc-in'));
  const levels: LispyMap[] = [];
  let at: Value = target;
  for (const key of steps) {
    const level: LispyMap = at === null ? new LispyMap() : mapArg(machine, at, 'assoc-in');
    levels.push(level);
    at = level.get(key) ?? null;
  }
  machine.charge(steps.length);
  return steps.reduceRight<Value>((inside, key, index) => withEntries(machine, levels[index]!, [[key, inside]]), value);
};

const into = (machine: Machine, target: Value, source: Value): Value => {
  if (target instanceof LispyMap) {
    const more = source instanceof LispyMap ? source : (fromPairs(machine, source) as LispyMap);
    return withEntries(machine, target, [...more.entries()]);
  }
  return newList(machine, [...listArg(machine, target, 'into'), ...itemsArg(machine, source, 'into')]);
};

const copy = (machine: Machine, target: Value): Value => {
  const map = mapArg(machine, target, 'dict-copy');
  chargeItems(machine, map.size);
  return new LispyMap(new Map(map.entries()));
};

const rows: Row[] = [
  ['make-dict dict hash-map make-hash hash', '. entry', 'A map of alternating keys and values.', spread(makeMap)],
  [
    'get dict-get dict-ref hash-ref',
    'container key [default]',
    'The value of a key or index; nil where it is missing.',
    fixed(get),
  ],
  ['get-in', 'container keys [default]', 'The value at the end of a path of keys.', fixed(getIn)],
  ['keys dict-keys hash-keys', 'map', 'The keys as a list.', fixed(keys)],
  ['values vals dict-values hash-values', 'map', 'The values as a list.', fixed(values)],
  ['entries dict-entries items dict->list dict->alist hash->list', 'map', 'Lists of key and value.', fixed(entriesOf)],
  [
    'has-key? dict-has? dict-has-key? contains-key? hash-has-key?',
    'map key',
    'Whether a map has a key.',
    fixed(hasKey),
  ],
  ['dict-set hash-set', 'map key . value', 'A new map with an entry more or changed.', spread(dictSet)],
  ['dict-set! hash-set! put!', 'map key value', 'Changes a map in place.', fixed(dictSetInPlace)],
  ['dict-delete! dict-remove! hash-remove!', 'map key', 'Removes an entry in place.', fixed(dictDeleteInPlace)],
  ['dissoc dict-delete dict-remove', 'map . key', 'A new map without some keys.', spread(without)],
  ['merge dict-merge', '. map', 'One map of all entries; later ones win.', spread(merge)],
  ['merge! dict-merge!', 'map . map', 'Adds entries in place.', spread(mergeInPlace)],
  ['select-keys', 'map keys', 'A map of these keys only.', fixed(selectKeys)],
  ['zipmap', 'keys values', 'A map from the items of one list to those of another.', fixed(zipMap)],
  ['alist->dict list->dict from-entries', 'list', 'A map of pairs or two-item lists.', fixed(fromPairs)],
  ['assoc-in', 'map keys value', 'A new map, changed at the end of a path of keys.', fixed(assocIn)],
  ['into', 'to from', 'The items of one collection added to another.', fixed(into)],
  [
    'dict-empty?',
    'map',
    'Whether a map has no entries.',
    fixed((machine, map) => map === null || mapArg(machine, map, 'dict-empty?').size === 0),
  ],
  [
    'dict-size dict-count',
    'map',
    'The number of entries.',
    fixed((machine, map) => mapArg(machine, map, 'dict-size').size),
  ],
  ['dict-copy', 'map', 'A copy that can be changed on its own.', fixed(copy)],
];

export const mapBuiltins = family('maps', rows);
