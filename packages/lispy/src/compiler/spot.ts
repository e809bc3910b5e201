/** Places of forms during compilation, cheap to carry and resolved to line and column only for an error. */
import { LispyError, type SourcePlace } from '../errors.ts';
import { Origin, type SourceText } from '../reader/origin.ts';
import { arrayEnd, EMPTY, endOf, List, Pair } from '../values/list.ts';
import type { Value } from '../values/value.ts';

/** An offset in a source text. */
export class Spot {
  readonly source: SourceText;
  readonly offset: number;
  constructor(source: SourceText, offset: number) {
    this.source = source;
    this.offset = offset;
  }

  place(): SourcePlace {
    return this.source.place(this.offset);
  }

  error(text: string): LispyError {
    return new LispyError('syntax', text, { place: this.place() });
  }
}

/** The items of a list form, or `undefined` where it is no proper list. */
export const formItems = (form: Value): Value[] | undefined => {
  if (form === EMPTY) return [];
  if (form instanceof List && form.start === 0 && form.end === form.values.length && endOf(form) === EMPTY)
    return form.values;
  const items: Value[] = [];
  let at = form;
  while (at instanceof Pair || at instanceof List) {
    if (items.length > 1_000_000) return undefined;
    if (at instanceof Pair) {
      items.push(at.car);
      at = at.cdr;
    } else {
      const end = arrayEnd(at);
      for (let index = at.start; index < end; index++) items.push(at.values[index]!);
      at = endOf(at);
    }
  }
  return at === EMPTY ? items : undefined;
};

/** Where item `index` of a form is, as near as is known. */
export const itemSpot = (form: Value, index: number, item: Value, near: Spot): Spot => {
  if (item instanceof List && item.origin instanceof Origin) return new Spot(item.origin.source, item.origin.offset);
  if (form instanceof List && form.origin instanceof Origin && form.start === 0) {
    const offset = form.origin.items[index];
    if (offset !== undefined) return new Spot(form.origin.source, offset);
  }
  return near;
};

/** Which brackets a form was written in. */
export const bracketsOf = (form: Value): 'list' | 'vector' | 'map' =>
  form instanceof List && form.origin ? form.origin.brackets : 'list';
