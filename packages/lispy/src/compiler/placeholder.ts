/** The mars dialect's `_`: in an argument of map, filter or reduce it makes that argument a lambda. */
import { EMPTY, List, listOf } from '../values/list.ts';
import { LispySymbol, symbol } from '../values/symbol.ts';
import type { Value } from '../values/value.ts';
import { analyse, analyseItems, type Context, inner } from './analyse.ts';
import type { Node } from './node.ts';
import { formItems, itemSpot, type Spot } from './spot.ts';

const takesLambda = new Set(['map', 'filter', 'reduce', 'for-each', 'any', 'every', 'find', 'sort-by', 'remove']);

/** The arguments of a call, where `(map (* _ 2) l)` means `(map (lambda (_) (* _ 2)) l)`. */
export const withPlaceholders = (
  name: string,
  form: Value,
  items: readonly Value[],
  spot: Spot,
  context: Context,
): Node[] => {
  const first = items[1];
  const isLambda =
    takesLambda.has(name) && first instanceof List && context.scope.find('_') === undefined && mentions(first);
  if (!isLambda) return analyseItems(form, items, 1, spot, context);
  // The second of two blanks in a reduction is its item.
  const parameters = name === 'reduce' ? [symbol('_'), symbol('_2')] : [symbol('_')];
  const body = name === 'reduce' ? renameSecond(first, { seen: 0 }) : first;
  const lambda = listOf([symbol('lambda'), listOf(parameters), body]);
  const at = itemSpot(form, 1, first, spot);
  return [analyse(lambda, at, inner(context)), ...analyseItems(form, items, 2, spot, context)];
};

const opaque = new Set(['lambda', 'fn', 'quote', 'quasiquote']);

const mentions = (form: Value): boolean => {
  if (form instanceof LispySymbol) return form.name === '_';
  const items = form instanceof List ? formItems(form) : undefined;
  if (!items || (items[0] instanceof LispySymbol && opaque.has(items[0].name))) return false;
  return items.some(mentions);
};

const renameSecond = (form: Value, count: { seen: number }): Value => {
  if (form instanceof LispySymbol && form.name === '_') return ++count.seen === 2 ? symbol('_2') : form;
  const items = form instanceof List ? formItems(form) : undefined;
  if (!items) return form;
  const renamed = items.map((item) => renameSecond(item, count));
  return renamed.length === 0 ? EMPTY : new List(renamed, 0, renamed.length, (form as List).origin);
};
