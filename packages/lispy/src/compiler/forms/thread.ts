/** Pipelines: `->`, `->>`, `pipe`, `as->`, `some->`, `doto`. */
import { type List, listOf } from '../../values/list.ts';
import { LispySymbol, symbol } from '../../values/symbol.ts';
import type { Value } from '../../values/value.ts';
import { analyse, inner, scoped } from '../analyse.ts';
import { type Node, sequence } from '../node.ts';
import type { SpecialForm } from '../special.ts';
import { bracketsOf, formItems, itemSpot } from '../spot.ts';

const lambdaHeads = new Set(['lambda', 'fn', 'λ']);

/** Puts `value` into a step: first or last among its arguments; a bare step is called with it. */
const insert = (step: Value, value: Value, last: boolean): Value => {
  const items = formItems(step);
  const head = items?.[0];
  const isCall =
    items &&
    items.length > 0 &&
    bracketsOf(step) === 'list' &&
    !(head instanceof LispySymbol && lambdaHeads.has(head.name));
  const made = isCall ? (last ? [...items, value] : [head!, value, ...items.slice(1)]) : [step, value];
  const list = listOf(made) as List;
  return list;
};

/** Each step is bound to the same hidden name, so that long pipelines do not nest. */
const thread =
  (last: boolean): SpecialForm =>
  ({ form, items, spot }, context) => {
    if (items.length < 2) throw spot.error('Write a pipeline as (-> value step …)');
    const hidden = symbol(' it');
    let node = analyse(items[1]!, itemSpot(form, 1, items[1]!, spot), items.length === 2 ? context : inner(context));
    const nodes: Node[] = [];
    let within = context;
    for (let index = 2; index < items.length; index++) {
      const variable = context.lambda.variable(hidden.name);
      nodes.push({ kind: 'bind', variable, value: node, fresh: true });
      within = scoped(within);
      within.scope.names.set(hidden.name, variable);
      const step = items[index]!;
      const at = itemSpot(form, index, step, spot);
      node = analyse(insert(step, hidden, last), at, index === items.length - 1 ? within : inner(within));
    }
    return sequence([...nodes, node]);
  };

/** `(as-> value name step …)`: each step names the value where it wants it. */
const threadAs: SpecialForm = ({ form, items, spot }, context) => {
  const name = items[2];
  if (!(name instanceof LispySymbol)) throw spot.error('Write (as-> value name step …)');
  const nodes: Node[] = [];
  let within = context;
  let node = analyse(items[1]!, itemSpot(form, 1, items[1]!, spot), inner(context));
  for (let index = 3; index < items.length; index++) {
    const variable = context.lambda.variable(name.name);
    nodes.push({ kind: 'bind', variable, value: node, fresh: true });
    within = scoped(within);
    within.scope.names.set(name.name, variable);
    node = analyse(
      items[index]!,
      itemSpot(form, index, items[index]!, spot),
      index === items.length - 1 ? within : inner(within),
    );
  }
  return sequence([...nodes, node]);
};

export const threadForms: Readonly<Record<string, SpecialForm>> = {
  '->': thread(false),
  '->>': thread(true),
  pipe: thread(true),
  'as->': threadAs,
};
