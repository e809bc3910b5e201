/** `let` in all its spellings: parallel, sequential, recursive, and with a name. */
import { LispySymbol } from '../../values/symbol.ts';
import type { Value } from '../../values/value.ts';
import { analyse, type Context, inner, scoped } from '../analyse.ts';
import { analyseBody, declare } from '../body.ts';
import { type Node, sequence } from '../node.ts';
import type { SpecialForm } from '../special.ts';
import { bracketsOf, formItems, itemSpot, type Spot } from '../spot.ts';
import { namedLambda } from './define.ts';
import { namedLet } from './named-let.ts';

/** One binding of a `let`: a name and the form of its value. */
export type Binding = { readonly name: string; readonly value: Value; readonly spot: Spot };

/** Reads `((x 1) (y 2))`, `[x 1 y 2]`, and the flat `(x 1 y 2)` of the mars dialect. */
export const readBindings = (form: Value | undefined, spot: Spot): Binding[] => {
  const items = form === undefined ? undefined : formItems(form);
  if (form === undefined || !items) throw spot.error('Bindings must be a list: ((name value) …) or [name value …]');
  const flat =
    bracketsOf(form) === 'vector'
      ? !items.every((item) => isPairForm(item))
      : items[0] instanceof LispySymbol && isFlat(items);
  if (flat) return readFlat(form, items, spot);
  return items.map((item, index) => {
    const at = itemSpot(form, index, item, spot);
    if (item instanceof LispySymbol) return { name: item.name, value: null, spot: at };
    const parts = formItems(item);
    const name = parts?.[0];
    if (!parts || parts.length < 1 || parts.length > 2 || !(name instanceof LispySymbol)) {
      throw at.error('Binding must be (name value)');
    }
    return {
      name: name.name,
      value: parts[1] ?? null,
      spot: parts.length === 2 ? itemSpot(item, 1, parts[1]!, at) : at,
    };
  });
};

const isFlat = (items: readonly Value[]): boolean =>
  items.length % 2 === 0 && items.every((item, index) => index % 2 === 1 || item instanceof LispySymbol);

const isPairForm = (item: Value): boolean => {
  const parts = formItems(item);
  return parts !== undefined && parts.length === 2 && parts[0] instanceof LispySymbol && !(item instanceof LispySymbol);
};

const readFlat = (form: Value, items: readonly Value[], spot: Spot): Binding[] => {
  const bindings: Binding[] = [];
  for (let index = 0; index < items.length; index += 2) {
    const name = items[index]!;
    const at = itemSpot(form, index, name, spot);
    if (!(name instanceof LispySymbol)) throw at.error('Binding must begin with a name');
    if (index + 1 >= items.length) throw at.error(`Binding "${name.name}" has no value`);
    bindings.push({
      name: name.name,
      value: items[index + 1]!,
      spot: itemSpot(form, index + 1, items[index + 1]!, spot),
    });
  }
  return bindings;
};

const needBody = (items: readonly Value[], from: number, name: string, spot: Spot): void => {
  if (items.length <= from) throw spot.error(`"${name}" has no body`);
};

/** `let`: values are computed before any of the names is bound. */
const parallelLet: SpecialForm = (special, context) => {
  const { form, items, spot } = special;
  if (items[1] instanceof LispySymbol) return namedLet(special, items[1].name, context);
  needBody(items, 2, 'let', spot);
  const bindings = readBindings(items[1], spot);
  const isVector = items[1] !== undefined && bracketsOf(items[1]) === 'vector';
  const outer = isVector ? scoped(context) : context;
  const within = scoped(context);
  const binds: Node[] = [];
  for (const binding of bindings) {
    const value = analyse(binding.value, binding.spot, inner(outer));
    const variable = context.lambda.variable(binding.name);
    // [x 1 y x] means the x before it, as in Clojure, where no other x could be meant.
    if (isVector && isUnknown(binding.name, context)) outer.scope.names.set(binding.name, variable);
    within.scope.names.set(binding.name, variable);
    binds.push({ kind: 'bind', variable, value, fresh: true });
  }
  return sequence([...binds, analyseBody(form, items, 2, spot, within)]);
};

const isUnknown = (name: string, { scope, unit }: Context): boolean =>
  scope.find(name) === undefined &&
  unit.globals.find(name) === undefined &&
  unit.predefined(name) === undefined &&
  !unit.macros.has(name);

const sequentialLet: SpecialForm = ({ form, items, spot }, context) => {
  needBody(items, 2, 'let*', spot);
  let within = scoped(context);
  const binds: Node[] = [];
  for (const binding of readBindings(items[1], spot)) {
    const value = analyse(binding.value, binding.spot, inner(within));
    const variable = context.lambda.variable(binding.name);
    within = scoped(within);
    within.scope.names.set(binding.name, variable);
    binds.push({ kind: 'bind', variable, value, fresh: true });
  }
  return sequence([...binds, analyseBody(form, items, 2, spot, within)]);
};

const recursiveLet: SpecialForm = ({ form, items, spot }, context) => {
  needBody(items, 2, 'letrec', spot);
  const within = scoped(context, true);
  const bindings = readBindings(items[1], spot);
  for (const { name } of bindings) declare(name, context, within.scope);
  const nodes = bindings.map((binding): Node => {
    const variable = within.scope.declared.find((declared) => declared.name === binding.name)!;
    const value =
      namedLambda(binding.name, binding.value, binding.spot, within) ??
      analyse(binding.value, binding.spot, inner(within));
    variable.initialised = true;
    return { kind: 'bind', variable, value, fresh: false };
  });
  const body = analyseBody(form, items, 2, spot, within);
  return sequence([...within.scope.declared.map((variable): Node => ({ kind: 'declare', variable })), ...nodes, body]);
};

export const bindingForms: Readonly<Record<string, SpecialForm>> = {
  let: parallelLet,
  'let*': sequentialLet,
  letrec: recursiveLet,
  'letrec*': recursiveLet,
};
