/** Canonical values: one JSON encoding of every value, for comparing implementations with each other. */
import { LispyError } from './errors.ts';
import { freeMeter, type Meter } from './limits.ts';
import { LispyFloat } from './values/float.ts';
import { EMPTY, List, listOf, Pair } from './values/list.ts';
import { keyText, LispyMap, type MapKey } from './values/map.ts';
import { LispySymbol } from './values/symbol.ts';
import { Text } from './values/text.ts';
import { typeName, type Value } from './values/value.ts';
import { Items, Visits } from './values/walk.ts';

/**
 * A tagged value (spec 3, "Canonical values"). Integers are decimal strings; floats are the shortest decimal that
 * reads back (`"2"`, `"0.1"`, `"-0"`); a pair's `cdr` is no list; the entries of a map are sorted by the code units of
 * their keys' texts.
 */
export type Canonical =
  | { readonly type: 'nil' }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'integer'; readonly value: string }
  | { readonly type: 'float64'; readonly value: string }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'symbol'; readonly value: string }
  | { readonly type: 'list'; readonly items: Canonical[] }
  | { readonly type: 'pair'; car: Canonical; cdr: Canonical }
  | { readonly type: 'map'; readonly entries: [Canonical, Canonical][] };

const nil: Canonical = { type: 'nil' };

/**
 * The canonical form of a value.
 *
 * @throws LispyError `not-json` for procedures, `cycle` for structures that contain themselves.
 * @example toCanonical(42) // {"type": "integer", "value": "42"}
 */
export const toCanonical = (value: Value, meter: Meter = freeMeter()): Canonical => {
  const visits = new Visits(value, meter);
  const root: { value: Canonical } = { value: nil };
  const work: { value: Value; put: (canonical: Canonical) => void; depth: number }[] = [];
  const later = (item: Value, depth: number, put: (canonical: Canonical) => void): void => {
    work.push({ value: item, depth, put });
  };
  later(value, 0, (canonical) => {
    root.value = canonical;
  });
  for (let next = work.pop(); next; next = work.pop()) {
    visits.visit(next.depth);
    next.put(start(next.value, next.depth + 1, later, meter));
  }
  return root.value;
};

type Later = (item: Value, depth: number, put: (canonical: Canonical) => void) => void;

const start = (value: Value, depth: number, later: Later, meter: Meter): Canonical => {
  if (value instanceof LispyMap) return startMap(value, depth, later);
  if (!(value instanceof List || value instanceof Pair)) return atom(value, meter);
  const cells = new Items(value);
  const items: Value[] = [];
  const visits = new Visits(value, meter);
  for (let item = cells.next(); item !== undefined; item = cells.next()) {
    items.push(item);
    visits.visit(0);
  }
  if (cells.tail === EMPTY) {
    const list: Canonical[] = items.map(() => nil);
    for (const [index, item] of items.entries()) {
      later(item, depth, (canonical) => {
        list[index] = canonical;
      });
    }
    return { type: 'list', items: list };
  }
  const rest = items.length === 1 ? cells.tail : rechain(items.slice(1), cells.tail);
  const pair: Canonical & { type: 'pair' } = { type: 'pair', car: nil, cdr: nil };
  later(items[0]!, depth, (canonical) => {
    pair.car = canonical;
  });
  later(rest, depth, (canonical) => {
    pair.cdr = canonical;
  });
  return pair;
};

const rechain = (items: readonly Value[], tail: Value): Value => {
  if (tail === EMPTY) return listOf([...items]);
  return items.reduceRight<Value>((rest, item) => new Pair(item, rest), tail);
};

const startMap = (map: LispyMap, depth: number, later: Later): Canonical => {
  const sorted = [...map.entries()].sort(([a], [b]) =>
    keyText(a) < keyText(b) ? -1 : keyText(a) > keyText(b) ? 1 : 0,
  );
  const entries = sorted.map(([key]): [Canonical, Canonical] => [keyCanonical(key), nil]);
  for (const [index, [, item]] of sorted.entries()) {
    later(item, depth, (canonical) => {
      entries[index]![1] = canonical;
    });
  }
  return { type: 'map', entries };
};

const keyCanonical = (key: MapKey): Canonical => atom(key, freeMeter());

const atom = (value: Value, meter: Meter): Canonical => {
  if (value === null) return nil;
  if (typeof value === 'boolean') return { type: 'boolean', value };
  if (typeof value === 'bigint') return { type: 'integer', value: value.toString() };
  if (typeof value === 'number')
    return Number.isInteger(value)
      ? { type: 'integer', value: String(value) }
      : { type: 'float64', value: String(value) };
  if (value instanceof LispyFloat)
    return { type: 'float64', value: Object.is(value.value, -0) ? '-0' : String(value.value) };
  if (typeof value === 'string') return { type: 'string', value };
  if (value instanceof Text) return { type: 'string', value: value.read(meter) };
  if (value instanceof LispySymbol) return { type: 'symbol', value: value.name };
  if (value === EMPTY) return { type: 'list', items: [] };
  throw new LispyError('not-json', `${typeName(value)} has no canonical form`, { got: typeName(value) });
};
