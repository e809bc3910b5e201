/** The definitions at the top of a source, read without running it. */

import { formItems, itemSpot, Spot } from '../compiler/spot.ts';
import type { SourcePlace } from '../errors.ts';
import type { Form } from '../reader/read.ts';
import { LispySymbol } from '../values/symbol.ts';
import type { Value } from '../values/value.ts';

/** What a name is defined as: a value's form, and the parameters where that is a procedure. */
export type Definition = {
  readonly value: Value | undefined;
  /** Undefined where it is no procedure, or one that takes all arguments as one list. */
  readonly parameters: readonly string[] | undefined;
  readonly place: () => SourcePlace;
};

/** Every `define`, `def` and `defn` at the top; the last of a name counts. */
export const topDefinitions = (forms: readonly Form[]): ReadonlyMap<string, Definition> => {
  const definitions = new Map<string, Definition>();
  for (const form of forms) read(form.value, new Spot(form.source, form.offset), definitions);
  return definitions;
};

const read = (form: Value, spot: Spot, definitions: Map<string, Definition>): void => {
  const items = formItems(form);
  const head = items?.[0];
  if (!items || !(head instanceof LispySymbol)) return;
  if (head.name === 'begin' || head.name === 'do') {
    for (const [index, item] of items.entries())
      if (index > 0) read(item, itemSpot(form, index, item, spot), definitions);
    return;
  }
  const target = items[1];
  const place = (): SourcePlace => spot.place();
  if (head.name === 'defn' && target instanceof LispySymbol) {
    const at = typeof items[2] === 'string' ? 3 : 2;
    definitions.set(target.name, { value: undefined, parameters: names(items[at]), place });
  } else if (head.name === 'define' || head.name === 'def') {
    if (target instanceof LispySymbol) {
      const value = items.at(-1)!;
      definitions.set(target.name, {
        value: items.length > 2 ? value : null,
        parameters: lambdaParameters(value),
        place,
      });
    } else {
      const signature = names(target);
      if (signature && signature.length > 0)
        definitions.set(signature[0]!, { value: undefined, parameters: signature.slice(1), place });
    }
  }
};

const lambdaParameters = (form: Value): readonly string[] | undefined => {
  const items = formItems(form);
  const head = items?.[0];
  return head instanceof LispySymbol && (head.name === 'lambda' || head.name === 'fn') ? names(items?.[1]) : undefined;
};

const names = (form: Value | undefined): readonly string[] | undefined => {
  const items = form === undefined ? undefined : formItems(form);
  const words = items?.map((item) => (item instanceof LispySymbol ? item.name : '')) ?? [];
  return items && words.every((word) => word !== '') ? words.filter((word) => word !== '.' && word !== '&') : undefined;
};
