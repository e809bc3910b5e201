// LisPy's forms with their places, as the reader of @pypes/lispy gives them.
import { EMPTY, LispyFloat, LispyMap, LispySymbol, List, type Value } from '@pypes/lispy';
import { bool, float, int, nil, text } from '../../ir/build.ts';
import type { Expr } from '../../ir/types.ts';
import type { Place } from '../../verdict.ts';

/** A form: a list with its brackets, a name, or a constant. */
export type Form = Place & { readonly value: Value };

/** The items of a list form, each with its place. */
export function itemsOf(form: Form): readonly Form[] | undefined {
  const { value } = form;
  if (value === EMPTY) return [];
  if (!(value instanceof List) || value.start !== 0) return undefined;
  const { origin } = value;
  return value.values.slice(0, value.end).map((item, index) => {
    const place = item instanceof List && item.origin ? item.origin.place() : (origin?.itemPlace(index) ?? form);
    return { value: item, line: place.line, column: place.column };
  });
}

/** The name of a symbol. */
export function nameOf(form: Form | undefined): string | undefined {
  return form?.value instanceof LispySymbol ? form.value.name : undefined;
}

/** Which brackets a list was written in. */
export function bracketsOf({ value }: Form): 'list' | 'vector' | 'map' {
  return value instanceof List && value.origin ? value.origin.brackets : value instanceof LispyMap ? 'map' : 'list';
}

/** A form that is a constant, as an expression. */
export function constantOf({ value }: Form): Expr | undefined {
  if (value === null) return nil;
  if (typeof value === 'boolean') return bool(value);
  if (typeof value === 'string') return value.isWellFormed() ? text(value) : undefined;
  if (typeof value === 'bigint') return int(value);
  if (typeof value === 'number') return Number.isInteger(value) ? int(value) : float(value);
  return value instanceof LispyFloat ? float(value.value) : undefined;
}
