/** Procedures over the entries of maps. */

import type { Steps } from '../../machine/control.ts';
import type { Machine } from '../../machine/machine.ts';
import { quick1 } from '../../machine/quick.ts';
import { rangeError, typeError } from '../../type-error.ts';
import { LispyMap } from '../../values/map.ts';
import { isTrue, type Value } from '../../values/value.ts';
import { chargeItems, keyArg, listArg, mapArg } from '../arguments.ts';
import { type Row, steps } from '../define.ts';

import { isCallable, ordered } from './items.ts';

function* dictMap(machine: Machine, [a = null, b = null]: Value[]): Steps {
  const [fn, map] = ordered(a, b);
  const results = new Map<ReturnType<typeof keyArg>, Value>();
  for (const [key, value] of [...mapArg(machine, map, 'dict-map').entries()]) results.set(key, yield [fn, key, value]);
  chargeItems(machine, results.size);
  return new LispyMap(results);
}

function* dictFilter(machine: Machine, [a = null, b = null]: Value[]): Steps {
  const [fn, map] = ordered(a, b);
  const results = new Map<ReturnType<typeof keyArg>, Value>();
  for (const [key, value] of [...mapArg(machine, map, 'dict-filter').entries()]) {
    if (isTrue(yield [fn, key, value])) results.set(key, value);
  }
  chargeItems(machine, results.size);
  return new LispyMap(results);
}

/** Maps a procedure of one argument over the values or the keys of a map. */
const mapPart = (name: string, part: 0 | 1) =>
  steps(function* (machine, [a = null, b = null]) {
    const [fn, map] = ordered(a, b);
    const results = new Map<ReturnType<typeof keyArg>, Value>();
    for (const entry of [...mapArg(machine, map, name).entries()]) {
      const result = quick1(machine, fn, entry[part]) ?? (yield [fn, entry[part]]);
      results.set(part === 0 ? keyArg(machine, result, name) : entry[0], part === 0 ? entry[1] : result);
    }
    chargeItems(machine, results.size);
    return new LispyMap(results);
  });

/** Replaces a value of a map by what a procedure makes of it; in place or in a new map. */
const update = (name: string, inPlace: boolean) =>
  steps(function* (machine, [target = null, keyValue = null, fn = null, ...more]) {
    const map = target === null ? new LispyMap() : mapArg(machine, target, name);
    const key = keyArg(machine, keyValue, name);
    // (dict-update! m k default f), as Racket has it: the procedure is the last.
    const [procedure, start, extra] =
      !isCallable(fn) && more.length > 0 && isCallable(more[0]!) ? [more[0]!, fn, more.slice(1)] : [fn, null, more];
    const value = yield [procedure, map.get(key) ?? start, ...extra];
    chargeItems(machine, 1);
    if (!inPlace) return map.with(key, value);
    machine.charge(map.copyCost);
    map.set(key, value);
    return map;
  });

function* updateIn(machine: Machine, [map = null, path = null, fn = null, ...extra]: Value[]): Steps {
  const keys = listArg(machine, path, 'update-in').map((key) => keyArg(machine, key, 'update-in'));
  if (keys.length === 0) throw rangeError('"update-in" expects at least one key');
  const levels: LispyMap[] = [];
  let at: Value = map;
  for (const key of keys) {
    if (at !== null && !(at instanceof LispyMap)) throw typeError('update-in', 'a map', at);
    const level: LispyMap = at ?? new LispyMap();
    machine.charge(1 + level.distance);
    levels.push(level);
    at = level.get(key) ?? null;
  }
  let value = yield [fn, at, ...extra];
  for (let index = keys.length - 1; index >= 0; index--) value = levels[index]!.with(keys[index]!, value);
  return value;
}

export const mapRows: readonly Row[] = [
  ['dict-map', 'procedure map', 'A map with values that a procedure makes of key and value.', steps(dictMap)],
  ['dict-filter', 'test map', 'The entries whose key and value satisfy a test.', steps(dictFilter)],
  [
    'map-vals update-vals',
    'procedure map',
    'A map with values that a procedure makes of the values.',
    mapPart('map-vals', 1),
  ],
  [
    'map-keys update-keys',
    'procedure map',
    'A map with keys that a procedure makes of the keys.',
    mapPart('map-keys', 0),
  ],
  [
    'dict-update! update!',
    'map key procedure . argument',
    'Changes a value of a map in place.',
    update('dict-update!', true),
  ],
  [
    'dict-update update',
    'map key procedure . argument',
    'A new map with a changed value.',
    update('dict-update', false),
  ],
  ['update-in', 'map keys procedure . argument', 'A new map, changed at the end of a path of keys.', steps(updateIn)],
];
