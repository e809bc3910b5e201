/** Definitions and assignment: `define`, `def`, `defn`, `set!`, and macros. */
import { LispySymbol } from '../../values/symbol.ts';
import type { Value } from '../../values/value.ts';
import { analyse, type Context, capture, inner } from '../analyse.ts';
import { bodyScope, declare, isVariable } from '../body.ts';
import { Code } from '../code.ts';
import { analyseLambda } from '../lambda.ts';
import { constant, type Node } from '../node.ts';
import { LambdaScope, Reread, Scope } from '../scope.ts';
import { type Special, type SpecialForm, specialForms } from '../special.ts';
import { formItems, itemSpot, type Spot } from '../spot.ts';

const define: SpecialForm = (special, context) => {
  const { form, items, spot } = special;
  const target = items[1];
  if (target === undefined)
    throw spot.error('Write a definition as (define name value) or (define (name parameter …) body …)');
  if (!(target instanceof LispySymbol)) return defineProcedure(special, target, context);
  if (items.length > 4 || (items.length === 4 && typeof items[2] !== 'string')) {
    throw spot.error(`Definition of "${target.name}" has more than one value`);
  }
  const last = items.length - 1;
  const value = items[last]!;
  const at = itemSpot(form, last, value, spot);
  return defining(target.name, spot, context, () =>
    items.length === 2
      ? constant(null)
      : (namedLambda(target.name, value, at, context) ?? analyse(value, at, inner(context))),
  );
};

/** A lambda that is given a name at once: it can call itself through its own frame. */
export const namedLambda = (name: string, form: Value, spot: Spot, context: Context): Node | undefined => {
  const items = formItems(form);
  const head = items?.[0];
  if (!items || items.length < 3 || !(head instanceof LispySymbol) || (head.name !== 'lambda' && head.name !== 'fn'))
    return undefined;
  if (context.scope.find(head.name) || context.unit.shadowed.has(head.name)) return undefined;
  if (head.name === 'fn' && items.length > 3 && items[1] instanceof LispySymbol && typeof items[2] === 'object')
    return undefined;
  const self = bodyScope(context) !== undefined;
  return analyseLambda({ name, form, items, parameters: items[1]!, skip: 0, from: 2, spot, self }, context);
};

const defineProcedure = ({ form, items, spot }: Special, target: Value, context: Context): Node => {
  const head = formItems(target)?.[0];
  if (head === undefined || items.length < 3)
    throw spot.error('Write a procedure as (define (name parameter …) body …)');
  if (!(head instanceof LispySymbol)) throw itemSpot(target, 0, head, spot).error('Procedure name must be a name');
  const self = bodyScope(context) !== undefined;
  const source = { name: head.name, form, items, parameters: target, skip: 1, from: 2, spot, self };
  return defining(head.name, spot, context, () => analyseLambda(source, context));
};

const defn: SpecialForm = ({ form, items, spot }, context) => {
  const name = items[1];
  if (!(name instanceof LispySymbol)) throw spot.error('Write a procedure as (defn name [parameter …] body …)');
  const at = typeof items[2] === 'string' && items.length > 3 ? 3 : 2;
  const parameters = items[at];
  if (parameters === undefined || items.length < at + 2) throw spot.error(`Procedure "${name.name}" has no body`);
  const self = bodyScope(context) !== undefined;
  const source = { name: name.name, form, items, parameters, skip: 0, from: at + 1, spot, self };
  return defining(name.name, spot, context, () => analyseLambda(source, context));
};

/** Defines a name where the form stands: in the nearest body, or globally. */
export const defining = (name: string, spot: Spot, context: Context, value: () => Node): Node => {
  const { unit } = context;
  const scope = bodyScope(context);
  if (!scope) {
    unit.macros.delete(name);
    if (specialForms.has(name)) unit.shadowed.add(name);
    if (unit.predefined(name) !== undefined) unit.redefined.add(name);
    const index = unit.globals.index(name);
    return { kind: 'setGlobal', index, name, value: value(), define: true, spot };
  }
  const known = scope.names.get(name);
  const variable = isVariable(known) && !known.self ? known : declare(name, context, scope);
  if (variable.initialised) return assign(name, spot, context, value());
  const node: Node = { kind: 'bind', variable, value: value(), fresh: false };
  if (scope === context.scope) variable.initialised = true;
  return node;
};

const set: SpecialForm = ({ form, items, spot }, context) => {
  const target = items[1];
  if (!(target instanceof LispySymbol) || items.length !== 3)
    throw spot.error('Write an assignment as (set! name value)');
  return assign(target.name, spot, context, analyse(items[2]!, itemSpot(form, 2, items[2]!, spot), inner(context)));
};

const assign = (name: string, spot: Spot, context: Context, value: Node): Node => {
  const { unit } = context;
  const binding = context.scope.find(name);
  if (binding === undefined) {
    if (unit.predefined(name) !== undefined) unit.redefined.add(name);
    return { kind: 'setGlobal', index: unit.globals.index(name), name, value, define: false, spot };
  }
  if (!isVariable(binding)) {
    if ('macro' in binding) throw spot.error(`Cannot assign "${name}": it is a macro`);
    throw new Reread(binding.form);
  }
  if (binding.self) throw new Reread(binding.self);
  binding.mutated = true;
  capture(binding, context.lambda);
  return { kind: 'set', variable: binding, lambda: context.lambda, value, spot };
};

const defineMacro: SpecialForm = ({ form, items, spot }, context) => {
  const target = items[1];
  const clojure = target instanceof LispySymbol;
  const head = clojure ? target : formItems(target ?? null)?.[0];
  const at = clojure && typeof items[2] === 'string' && items.length > 4 ? 3 : 2;
  const parameters = clojure ? items[at] : target;
  const from = clojure ? at + 1 : 2;
  if (!(head instanceof LispySymbol) || parameters === undefined || items.length <= from) {
    throw spot.error('Write a macro as (define-macro (name form …) body …) or (defmacro name [form …] body …)');
  }
  const { unit } = context;
  const lambda = new LambdaScope(undefined);
  const within: Context = { unit, scope: new Scope(undefined), lambda, loops: [] };
  const source = { name: head.name, form, items, parameters, skip: clojure ? 0 : 1, from, spot, self: false };
  const node = analyseLambda(source, within);
  if (!(node.kind === 'lambda' && node.code instanceof Code)) throw spot.error('Macro has no body');
  const macro = unit.expander.define(head.name, node.code, unit);
  const scope = bodyScope(context);
  if (scope) scope.names.set(head.name, { macro });
  else unit.macros.set(head.name, macro);
  return constant(null);
};

export const defineForms: Readonly<Record<string, SpecialForm>> = {
  define,
  def: define,
  defn,
  'set!': set,
  'define-macro': defineMacro,
  defmacro: defineMacro,
};
