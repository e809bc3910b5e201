/** Values that can be known from the source alone: constants, quoted data, and calls that only build data. */

import { datum } from '../compiler/quote.ts';
import { formItems } from '../compiler/spot.ts';
import { EMPTY, List, listOf } from '../values/list.ts';
import { LispyMap, type MapKey, plainKey } from '../values/map.ts';
import { LispySymbol } from '../values/symbol.ts';
import type { Value } from '../values/value.ts';

const mapMakers = new Set(['make-dict', 'dict', 'hash-map', 'make-hash', 'hash']);
const listMakers = new Set(['list', 'vector']);
const textMakers = new Set(['string-append', 'str']);

/** The value of a literal form; `undefined` where the program has to run to know it. */
export const literalValue = (form: Value): Value | undefined => {
  if (form instanceof LispySymbol) return undefined;
  if (form === EMPTY) return EMPTY;
  if (!(form instanceof List)) return form;
  const items = formItems(form);
  if (!items || !form.origin) return undefined;
  if (form.origin.brackets === 'vector') return listFrom(items);
  if (form.origin.brackets === 'map') return mapFrom(items);
  const head = items[0];
  if (!(head instanceof LispySymbol)) return undefined;
  if (head.name === 'quote') return items.length === 2 ? datum(items[1]!) : undefined;
  if (mapMakers.has(head.name)) return mapFrom(items.slice(1));
  if (listMakers.has(head.name)) return listFrom(items.slice(1));
  if (textMakers.has(head.name)) return textFrom(items.slice(1));
  return undefined;
};

const all = (forms: readonly Value[]): Value[] | undefined => {
  const values: Value[] = [];
  for (const form of forms) {
    const value = literalValue(form);
    if (value === undefined) return undefined;
    values.push(value);
  }
  return values;
};

const listFrom = (forms: readonly Value[]): Value | undefined => {
  const values = all(forms);
  return values && listOf(values);
};

const mapFrom = (forms: readonly Value[]): Value | undefined => {
  const values = all(forms);
  if (!values || values.length % 2 === 1) return undefined;
  const entries = new Map<MapKey, Value>();
  for (let index = 0; index < values.length; index += 2) {
    const key = plainKey(values[index]!);
    if (key === undefined) return undefined;
    entries.set(key, values[index + 1]!);
  }
  return new LispyMap(entries);
};

const textFrom = (forms: readonly Value[]): Value | undefined => {
  const values = all(forms);
  return values?.every((value) => typeof value === 'string') ? values.join('') : undefined;
};
