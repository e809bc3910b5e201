/** The analyser: forms to nodes. Names are resolved, macros expanded, special forms dispatched. */
import { EMPTY, List, Pair } from '../values/list.ts';
import { LispyMap } from '../values/map.ts';
import { LispySymbol } from '../values/symbol.ts';
import { typeName, type Value } from '../values/value.ts';
import { constant, type Node } from './node.ts';
import { withPlaceholders } from './placeholder.ts';
import { quoted } from './quote.ts';
import { type LambdaScope, LoopLabel, Reread, Scope, Variable } from './scope.ts';
import { specialForms } from './special.ts';
import { bracketsOf, formItems, itemSpot, type Spot } from './spot.ts';
import type { Unit } from './unit.ts';

/** Where a form stands: in which scope and frame, and for which loops it is the last thing done. */
export type Context = {
  readonly unit: Unit;
  readonly scope: Scope;
  readonly lambda: LambdaScope;
  readonly loops: readonly LoopLabel[];
};

const noLoops: readonly LoopLabel[] = [];

/** The same context where the value is not the last thing computed. */
export const inner = (context: Context): Context =>
  context.loops.length === 0 ? context : { ...context, loops: noLoops };

/** The same context in a new scope. */
export const scoped = (context: Context, body = false): Context => ({
  ...context,
  scope: new Scope(context.scope, body),
});

/** Analyses one form. */
export const analyse = (form: Value, spot: Spot, context: Context): Node => {
  const { unit } = context;
  unit.spend(spot);
  if (form instanceof LispySymbol) return analyseName(form.name, spot, context);
  if (form instanceof List || form instanceof Pair) {
    const { depth } = unit;
    try {
      unit.nest(1, spot);
      return analyseList(form, spot, context);
    } finally {
      unit.depth = depth;
    }
  }
  if (form instanceof LispyMap) return form.size === 0 ? callBuiltin('dict', [], spot, context) : quoted(form, context);
  return constant(form);
};

const analyseName = (name: string, spot: Spot, context: Context): Node => {
  const binding = context.scope.find(name);
  if (binding instanceof Variable) return reference(binding, spot, context);
  if (binding instanceof LoopLabel) throw new Reread(binding.form);
  if (binding !== undefined || (context.unit.macros.has(name) && !context.unit.redefined.has(name))) {
    throw spot.error(`Macro "${name}" is no value: call it with arguments`);
  }
  if (specialForms.has(name) && !context.unit.shadowed.has(name) && context.unit.globals.find(name) === undefined) {
    throw spot.error(`"${name}" is a special form, no value: write (${name} …)`);
  }
  const { unit } = context;
  const index = unit.globals.index(name);
  unit.read.add(index);
  return { kind: 'global', index, name, known: unit.predefined(name), spot };
};

/** A reference to a local variable; notes who captures it. */
export const reference = (variable: Variable, spot: Spot, context: Context): Node => {
  capture(variable, context.lambda);
  variable.read = true;
  return { kind: 'local', variable, lambda: context.lambda, spot, checked: !variable.initialised };
};

/** Notes that `lambda` reaches `variable` through every frame in between. */
export const capture = (variable: Variable, lambda: LambdaScope): void => {
  for (let at: LambdaScope | undefined = lambda; at && at !== variable.owner; at = at.parent) {
    at.captureIndex(variable);
    variable.captured = true;
    // A closure made before the definition must see the value that comes later.
    if (!variable.initialised) variable.mutated = true;
  }
};

const analyseList = (form: List | Pair, spot: Spot, context: Context): Node => {
  const items = formItems(form);
  if (!items) throw spot.error('Call is written with a dot: expected a proper list');
  const brackets = bracketsOf(form);
  if (brackets === 'vector') return callBuiltin('list', analyseItems(form, items, 0, spot, context), spot, context);
  if (brackets === 'map') return callBuiltin('dict', analyseItems(form, items, 0, spot, context), spot, context);
  const head = items[0]!;
  const headSpot = itemSpot(form, 0, head, spot);
  if (head instanceof LispySymbol) {
    const binding = context.scope.find(head.name);
    if (binding === undefined) {
      const macro = context.unit.macros.get(head.name);
      if (macro) return expand(macro, items, spot, context);
      const special = context.unit.shadowed.has(head.name) ? undefined : specialForms.get(head.name);
      if (special) return special({ form, items, spot }, context);
    } else if (binding instanceof LoopLabel) return jump(binding, form, items, spot, context);
    else if (!(binding instanceof Variable)) return expand(binding.macro, items, spot, context);
  } else if (head === null || typeof head === 'boolean' || typeof head === 'number' || head === EMPTY) {
    throw spot.error(`Cannot call ${head === null ? 'nil' : typeName(head)}: a call begins with a procedure`);
  }
  const fn = analyse(head, headSpot, inner(context));
  if (context.unit.placeholders && head instanceof LispySymbol) {
    return { kind: 'call', fn, args: withPlaceholders(head.name, form, items, spot, context), spot };
  }
  return { kind: 'call', fn, args: analyseItems(form, items, 1, spot, context), spot };
};

/** Analyses the items of a form from `from` on, none of them in tail position. */
export const analyseItems = (
  form: Value,
  items: readonly Value[],
  from: number,
  spot: Spot,
  context: Context,
): Node[] => {
  const nodes: Node[] = [];
  const within = inner(context);
  for (let index = from; index < items.length; index++) {
    nodes.push(analyse(items[index]!, itemSpot(form, index, items[index]!, spot), within));
  }
  return nodes;
};

const expand = (macro: { name: string; expander: unknown }, items: Value[], spot: Spot, context: Context): Node => {
  const { unit } = context;
  const expansion = unit.expander.expand(macro as never, items.slice(1), spot);
  const { depth } = unit;
  try {
    unit.nest(1, spot);
    return analyse(expansion, spot, context);
  } finally {
    unit.depth = depth;
  }
};

const jump = (label: LoopLabel, form: Value, items: Value[], spot: Spot, context: Context): Node => {
  const isTail = context.loops.includes(label) && context.lambda === label.lambda;
  if (!isTail || items.length - 1 !== label.variables.length) throw new Reread(label.form);
  return { kind: 'continue', label, args: analyseItems(form, items, 1, spot, context), spot };
};

/** A call of a builtin by a form of the language, which no redefinition by the program changes. */
export const callBuiltin = (name: string, args: readonly Node[], spot: Spot, context: Context): Node => {
  const value = context.unit.predefined(`%${name}`);
  return { kind: 'call', fn: constant(value ?? null), args, spot };
};
