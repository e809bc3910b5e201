/** JSON values to LisPy values and back, without recursion and without touching prototypes. */
import { LispyError, limitError } from '../errors.ts';
import { freeMeter, type Meter } from '../limits.ts';
import { LispyFloat } from '../values/float.ts';
import { EMPTY, List, listOf, Pair } from '../values/list.ts';
import { keyText, LispyMap } from '../values/map.ts';
import { Procedure } from '../values/procedure.ts';
import { LispySymbol } from '../values/symbol.ts';
import { Text } from '../values/text.ts';
import { typeName, type Value } from '../values/value.ts';
import { Items, Visits } from '../values/walk.ts';

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const notJson = (value: Value): LispyError =>
  new LispyError('not-json', `${typeName(value)} is no JSON value`, { got: typeName(value) });

const free = freeMeter();

/**
 * A value as JSON: nil is null, maps are objects, lists are arrays, symbols are strings; integers beyond 2^53 are
 * strings of their digits (spec 4), so that nothing is rounded.
 *
 * @throws LispyError `not-json` for procedures and improper lists, `cycle` for structures that contain themselves.
 * @example toJson(instance.runSync()) // {"name": "Ada", "tags": ["a"]}
 */
export const toJson = (value: Value, meter: Meter = free): Json => {
  const visits = new Visits(value, meter);
  const root: { value: Json } = { value: null };
  const stack: (() => boolean)[] = [];
  const place = (item: Value, put: (json: Json) => void): void => {
    visits.visit(stack.length);
    if (item instanceof LispyMap) {
      const object: { [key: string]: Json } = {};
      put(object);
      const entries = [...item.entries(meter)].values();
      stack.push(() => {
        const entry = entries.next();
        if (entry.done) return false;
        place(entry.value[1], (json) => setOwn(object, keyText(entry.value[0]), json));
        return true;
      });
    } else if (item instanceof List || item instanceof Pair) {
      const array: Json[] = [];
      put(array);
      const items = new Items(item);
      stack.push(() => {
        const next = items.next();
        if (next !== undefined) {
          place(next, (json) => array.push(json));
          return true;
        }
        if (items.tail !== EMPTY && items.tail !== null)
          throw new LispyError('not-json', 'Improper list is no JSON value');
        return false;
      });
    } else put(atomToJson(item, meter));
  };
  place(value, (json) => {
    root.value = json;
  });
  for (let next = stack.at(-1); next; next = stack.at(-1)) {
    const depth = stack.length;
    if (!next() && stack.length === depth) stack.pop();
  }
  return root.value;
};

/** Sets an own property, `__proto__` included. */
const setOwn = (object: { [key: string]: Json }, key: string, value: Json): void => {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else object[key] = value;
};

const atomToJson = (value: Value, meter: Meter): Json => {
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (value === EMPTY) return [];
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof LispyFloat) return value.value;
  if (value instanceof LispySymbol) return value.name;
  if (value instanceof Text) return value.read(meter);
  throw value instanceof Procedure ? notJson(value) : new LispyError('not-json', 'Value is no JSON value');
};

/**
 * A JSON value as a LisPy value: null is nil, objects are maps, arrays are lists. Integral numbers are integers; what
 * is no JSON at all is left out or refused, as `JSON.stringify` does it.
 *
 * @throws LispyError `not-json` for what JSON cannot say, `cycle`/`limit` for what is too deep or too large.
 */
export const fromJson = (json: unknown, meter: Meter = free): Value => {
  const atom = atomFromJson(json, meter);
  if (atom !== undefined) return atom;
  const path = new Set<object>();
  let count = 0;
  const root: { value: Value } = { value: null };
  const stack: (() => boolean)[] = [];
  const place = (item: unknown, put: (value: Value) => void): void => {
    const simple = atomFromJson(item, meter);
    if (simple !== undefined) {
      put(simple);
      return;
    }
    const object = item as object;
    if (path.has(object)) throw new LispyError('cycle', 'JSON value contains itself');
    path.add(object);
    const entries: readonly (readonly [string, unknown])[] | undefined = Array.isArray(object)
      ? undefined
      : Object.entries(object);
    const values: readonly unknown[] = entries ? entries.map((entry) => entry[1]) : (object as unknown[]);
    count += values.length + 1;
    if (count > meter.limits.items * 4) throw limitError('items', meter.limits.items, 'JSON value has too many parts');
    if (values.length > meter.limits.items)
      throw limitError('items', meter.limits.items, `JSON collection of ${values.length} items`);
    meter.charge(values.length);
    meter.allocate(values.length * 16 + 64);
    const results: Value[] = [];
    let index = 0;
    stack.push(() => {
      if (index < values.length) {
        place(values[index++], (value) => results.push(value));
        return true;
      }
      path.delete(object);
      put(entries ? mapFrom(entries, results) : listOf(results));
      return false;
    });
  };
  place(json, (value) => {
    root.value = value;
  });
  for (let next = stack.at(-1); next; next = stack.at(-1)) if (!next()) stack.pop();
  return root.value;
};

const mapFrom = (entries: readonly (readonly [string, unknown])[], values: readonly Value[]): LispyMap =>
  new LispyMap(new Map(entries.map(([key], index) => [key, values[index]!])));

const atomFromJson = (json: unknown, meter: Meter): Value | undefined => {
  if (json === null || json === undefined) return null;
  if (typeof json === 'string') {
    if (json.length > meter.limits.string)
      throw limitError('string', meter.limits.string, `string of ${json.length} characters`);
    return json;
  }
  if (typeof json === 'boolean') return json;
  if (typeof json === 'number') return numberFromJson(json);
  if (typeof json === 'bigint') return json >= -9007199254740991n && json <= 9007199254740991n ? Number(json) : json;
  if (typeof json === 'object') return undefined;
  throw new LispyError('not-json', `Host gave a ${typeof json}, which is no JSON value`);
};

const numberFromJson = (number: number): Value => {
  if (!Number.isFinite(number))
    throw new LispyError('not-json', `Host gave the number ${number}, which is no JSON value`);
  if (Number.isSafeInteger(number)) return number === 0 ? 0 : number;
  return Number.isInteger(number) ? new LispyFloat(number) : number;
};
