/** `quote` and quasiquotation, which becomes calls that build the form. */
import { EMPTY, List } from '../../values/list.ts';
import { LispySymbol } from '../../values/symbol.ts';
import type { Value } from '../../values/value.ts';
import { analyse, type Context, callBuiltin, inner } from '../analyse.ts';
import { constant, type Node } from '../node.ts';
import { quoted } from '../quote.ts';
import type { SpecialForm } from '../special.ts';
import { bracketsOf, formItems, itemSpot, type Spot } from '../spot.ts';

const quote: SpecialForm = ({ items, spot }, context) => {
  if (items.length !== 2) throw spot.error('Write (quote datum)');
  return quoted(items[1]!, context);
};

const quasiquote: SpecialForm = ({ form, items, spot }, context) => {
  if (items.length !== 2) throw spot.error('Write (quasiquote template)');
  return build(items[1]!, 1, itemSpot(form, 1, items[1]!, spot), inner(context));
};

const outside =
  (name: string): SpecialForm =>
  ({ spot }) => {
    throw spot.error(`"${name}" is outside a quasiquote`);
  };

const tagged = (form: Value, name: string): Value | undefined => {
  if (!(form instanceof List)) return undefined;
  const items = formItems(form);
  return items?.length === 2 && items[0] instanceof LispySymbol && items[0].name === name ? items[1] : undefined;
};

const build = (form: Value, level: number, spot: Spot, context: Context): Node => {
  const { unit } = context;
  const { depth } = unit;
  unit.spend(spot);
  unit.nest(1, spot);
  const node = buildNested(form, level, spot, context);
  unit.depth = depth;
  return node;
};

const buildNested = (form: Value, level: number, spot: Spot, context: Context): Node => {
  if (!(form instanceof List))
    return form instanceof LispySymbol || form === EMPTY ? constant(form) : quoted(form, context);
  const unquoted = tagged(form, 'unquote');
  if (unquoted !== undefined) {
    const at = itemSpot(form, 1, unquoted, spot);
    return level === 1 ? analyse(unquoted, at, context) : retag(form, unquoted, level - 1, at, context);
  }
  const nested = tagged(form, 'quasiquote');
  if (nested !== undefined) return retag(form, nested, level + 1, spot, context);
  const items = formItems(form);
  if (!items) return quoted(form, context);
  if (isConstant(items, 0)) return quoted(form, context);
  const brackets = bracketsOf(form);
  const dotted = items.length >= 3 && items.at(-2) instanceof LispySymbol && (items.at(-2) as LispySymbol).name === '.';
  const parts: Node[] = [];
  let run: Node[] = [];
  const flush = (): void => {
    if (run.length > 0) parts.push(callBuiltin('list', run, spot, context));
    run = [];
  };
  const count = dotted ? items.length - 2 : items.length;
  for (let index = 0; index < count; index++) {
    const item = items[index]!;
    const at = itemSpot(form, index, item, spot);
    const spliced = level === 1 ? tagged(item, 'unquote-splicing') : undefined;
    if (spliced === undefined) run.push(build(item, level, at, context));
    else {
      flush();
      parts.push(callBuiltin('splice', [analyse(spliced, at, context)], spot, context));
    }
  }
  flush();
  if (dotted) parts.push(build(items.at(-1)!, level, spot, context));
  if (brackets === 'map')
    return callBuiltin('apply-dict', [callBuiltin('append', parts, spot, context)], spot, context);
  const list = parts.length === 1 ? parts[0]! : callBuiltin('append', parts, spot, context);
  return brackets === 'vector' ? callBuiltin('bracketed', [list], spot, context) : list;
};

const retag = (form: List, item: Value, level: number, spot: Spot, context: Context): Node =>
  callBuiltin('list', [constant(form.values[form.start]!), build(item, level, spot, context)], spot, context);

/** Whether a template has nothing to fill in; beyond any depth that a reader allows it is not looked into. */
const isConstant = (items: readonly Value[], depth: number): boolean =>
  depth < 300 &&
  items.every((item) => {
    if (!(item instanceof List))
      return !(item instanceof LispySymbol && /^(unquote|unquote-splicing|quasiquote)$/.test(item.name));
    const parts = formItems(item);
    return parts !== undefined && isConstant(parts, depth + 1);
  });

export const quoteForms: Readonly<Record<string, SpecialForm>> = {
  quote,
  quasiquote,
  unquote: outside('unquote'),
  'unquote-splicing': outside('unquote-splicing'),
};
