/** Quoted data: constants where they are atoms, and per-instance copies where a program could change them. */
import { limitError } from '../errors.ts';
import { arrayEnd, EMPTY, endOf, List, listOf, Pair } from '../values/list.ts';
import { LispyMap, plainKey } from '../values/map.ts';
import { symbol } from '../values/symbol.ts';
import type { Value } from '../values/value.ts';
import type { Context } from './analyse.ts';
import { constant, type Node } from './node.ts';

const dot = symbol('.');

/** The node of a quoted form. Lists and maps are copied once per instance, so that no instance sees another's changes. */
export const quoted = (form: Value, context: Context): Node => {
  const value = datum(form);
  const compound = value instanceof List || value instanceof Pair || value instanceof LispyMap;
  return compound ? { kind: 'literal', index: context.unit.globals.anonymous(), value } : constant(value);
};

/** A form as data: map literals become maps, dotted forms become pairs. Nesting is bounded by the reader. */
export const datum = (form: Value): Value => {
  if (!(form instanceof List) || form.origin === undefined || !form.origin.structured) return form;
  const items = form.values;
  if (form.origin.brackets === 'map') {
    const map = new LispyMap();
    for (let index = 0; index + 1 < items.length; index += 2) {
      const key = plainKey(datum(items[index]!));
      if (key !== undefined) map.set(key, datum(items[index + 1]!));
    }
    return map;
  }
  if (items.length >= 3 && items.at(-2) === dot) {
    return items.slice(0, -2).reduceRight<Value>((tail, item) => new Pair(datum(item), tail), datum(items.at(-1)!));
  }
  return listOf(items.map(datum));
};

/** A deep copy of quoted data, without the places of its forms. Data this deep comes from macros only. */
export const copyLiteral = (value: Value, depth = 0): Value => {
  if (depth > 1000) throw limitError('reader-depth', 1000, 'quoted data nested too deep');
  if (value instanceof List) return copyItems(value, depth);
  if (value instanceof Pair) return new Pair(copyLiteral(value.car, depth + 1), copyLiteral(value.cdr, depth + 1));
  if (value instanceof LispyMap) {
    return new LispyMap(new Map([...value.entries()].map(([key, item]) => [key, copyLiteral(item, depth + 1)])));
  }
  return value;
};

const copyItems = (list: List, depth: number): Value => {
  const items = list.values.slice(list.start, arrayEnd(list)).map((item) => copyLiteral(item, depth + 1));
  const tail = endOf(list);
  if (tail === EMPTY) return listOf(items);
  return items.reduceRight<Value>((rest, item) => new Pair(item, rest), copyLiteral(tail, depth + 1));
};
