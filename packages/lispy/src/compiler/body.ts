/** Bodies: several forms in their own scope, with the definitions among them known from the start. */
import { LispySymbol } from '../values/symbol.ts';
import type { Value } from '../values/value.ts';
import { analyse, type Context, inner, scoped } from './analyse.ts';
import { type Node, sequence } from './node.ts';
import { type Scope, Variable } from './scope.ts';
import { formItems, itemSpot, type Spot } from './spot.ts';

const definers = new Set(['define', 'def', 'defn', 'define-values']);

/** Analyses the forms from `from` on as the body of a procedure or of a `let`, in a new scope. */
export const analyseBody = (form: Value, items: readonly Value[], from: number, spot: Spot, context: Context): Node => {
  const within = scoped(context, true);
  for (let index = from; index < items.length; index++) declareNames(items[index]!, within);
  const nodes = analyseSequence(form, items, from, spot, within);
  return sequence([...declarations(within.scope), ...nodes]);
};

/** Analyses forms in order; only the last is in tail position. */
export const analyseSequence = (
  form: Value,
  items: readonly Value[],
  from: number,
  spot: Spot,
  context: Context,
): Node[] => {
  const nodes: Node[] = [];
  const before = inner(context);
  for (let index = from; index < items.length; index++) {
    const item = items[index]!;
    nodes.push(analyse(item, itemSpot(form, index, item, spot), index === items.length - 1 ? context : before));
  }
  return nodes;
};

/** Makes a variable in the scope whose definition comes later. */
export const declare = (name: string, context: Context, scope: Scope): Variable => {
  const variable = context.lambda.variable(name, false);
  scope.names.set(name, variable);
  scope.declared.push(variable);
  return variable;
};

const declareNames = (form: Value, context: Context): void => {
  const items = formItems(form);
  const head = items?.[0];
  if (!items || !(head instanceof LispySymbol) || context.scope.find(head.name) !== undefined) return;
  if (head.name === 'begin') {
    for (const item of items.slice(1)) declareNames(item, context);
    return;
  }
  if (!definers.has(head.name) || items.length < 2) return;
  for (const name of definedNames(head.name, items[1]!)) {
    if (!context.scope.names.has(name)) declare(name, context, context.scope);
  }
};

const definedNames = (definer: string, target: Value): string[] => {
  if (definer === 'define-values') {
    return (formItems(target) ?? []).flatMap((item) => (item instanceof LispySymbol ? [item.name] : []));
  }
  let name: Value | undefined = target;
  for (let items = formItems(name); items && items.length > 0; items = formItems(name)) name = items[0]!;
  return name instanceof LispySymbol ? [name.name] : [];
};

/** Nodes that prepare the declared variables that need it. */
const declarations = (scope: Scope): Node[] => scope.declared.map((variable): Node => ({ kind: 'declare', variable }));

/** The nearest scope in which `define` defines, or `undefined` at the top of a program. */
export const bodyScope = (context: Context): Scope | undefined => {
  for (let scope: Scope | undefined = context.scope; scope; scope = scope.parent) if (scope.body) return scope;
  return undefined;
};

export const isVariable = (binding: unknown): binding is Variable => binding instanceof Variable;
