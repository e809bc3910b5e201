/** Loops: `while`, `dotimes`, `doseq`/`dolist`, Clojure's `loop`/`recur` and Scheme's `do`. */
import { EMPTY } from '../../values/list.ts';
import { LispySymbol, symbol } from '../../values/symbol.ts';
import type { Value } from '../../values/value.ts';
import { analyse, type Context, callBuiltin, inner, scoped } from '../analyse.ts';
import { analyseBody, analyseSequence } from '../body.ts';
import { constant, type Node, sequence } from '../node.ts';
import { LoopLabel, type Variable } from '../scope.ts';
import type { Special, SpecialForm } from '../special.ts';
import { formItems, itemSpot, type Spot } from '../spot.ts';
import { type Binding, readBindings } from './binding.ts';
import { analyseLoop } from './named-let.ts';

const whileLoop: SpecialForm = ({ form, items, spot }, context) => {
  if (items.length < 2) throw spot.error('Write (while test body …)');
  const within = inner(context);
  const test = analyse(items[1]!, itemSpot(form, 1, items[1]!, spot), within);
  return { kind: 'while', test, body: sequence(analyseSequence(form, items, 2, spot, within)), spot };
};

const local = (variable: Variable, context: Context, spot: Spot): Node => {
  return { kind: 'local', variable, lambda: context.lambda, spot, checked: false };
};

/** Reads `(i n result)` or `[i n]`. */
const counter = (special: Special, name: string): { variable: string; value: Value; result: Value; at: Spot } => {
  const head = special.items[1] ?? EMPTY;
  const parts = formItems(head);
  if (!parts || parts.length < 2 || parts.length > 3 || !(parts[0] instanceof LispySymbol)) {
    throw special.spot.error(`Write (${name} (variable value) body …)`);
  }
  return {
    variable: parts[0].name,
    value: parts[1]!,
    result: parts[2] ?? null,
    at: itemSpot(head, 1, parts[1]!, special.spot),
  };
};

/** A loop over 0 … n-1 with a fresh variable each turn. */
const dotimes: SpecialForm = (special, context) => {
  const { variable, value, result, at } = counter(special, 'dotimes');
  const limit = callBuiltin('count-limit', [analyse(value, at, inner(context))], special.spot, context);
  return counted(special, variable, limit, result, context, (index) => index);
};

/** A loop over the items of a list, or the characters of a string, or the entries of a map. */
const doseq: SpecialForm = (special, context) => {
  const { variable, value, result, at } = counter(special, 'doseq');
  const items = context.lambda.variable('items');
  const sequenceNode = callBuiltin('seq', [analyse(value, at, inner(context))], special.spot, context);
  const length = callBuiltin('length', [local(items, context, special.spot)], special.spot, context);
  const loop = counted(special, variable, length, result, context, (index) =>
    callBuiltin('nth', [local(items, context, special.spot), index], special.spot, context),
  );
  return sequence([{ kind: 'bind', variable: items, value: sequenceNode, fresh: true }, loop]);
};

const counted = (
  { form, items, spot }: Special,
  name: string,
  limit: Node,
  result: Value,
  context: Context,
  item: (index: Node) => Node,
): Node => {
  const index = context.lambda.variable('index');
  const end = context.lambda.variable('end');
  const label = new LoopLabel('', context.lambda, [index], {});
  const within = scoped(inner(context));
  const variable = context.lambda.variable(name);
  within.scope.names.set(name, variable);
  const at = local(index, context, spot);
  const body = analyseBody(form, items, 2, spot, within);
  const next = callBuiltin('+', [at, constant(1)], spot, context);
  const turn: Node = sequence([
    { kind: 'bind', variable, value: item(at), fresh: true },
    body,
    { kind: 'continue', label, args: [next], spot },
  ]);
  const test = callBuiltin('<', [at, local(end, context, spot)], spot, context);
  const done = result === null ? constant(null) : analyse(result, spot, context);
  return sequence([
    { kind: 'bind', variable: end, value: limit, fresh: true },
    {
      kind: 'loop',
      label,
      inits: [{ kind: 'bind', variable: index, value: constant(0), fresh: true }],
      body: { kind: 'if', test, yes: turn, no: done },
      spot,
    },
  ]);
};

/** Clojure's `loop` with `recur`. */
const recurLoop: SpecialForm = ({ form, items, spot }, context) => {
  if (items.length < 3) throw spot.error('Write (loop [variable value …] body …)');
  const bindings = readBindings(items[1], spot);
  const body = (within: Context): Node => analyseBody(form, items, 2, spot, within);
  return analyseLoop({ name: 'recur', form: form as object & Value, spot, bindings, body }, context);
};

/** Scheme's `(do ((variable init step) …) (test result …) body …)`; `undefined` where it is Clojure's `do`. */
export const schemeDo = ({ form, items, spot }: Special, context: Context): Node | undefined => {
  const specs = formItems(items[1] ?? null)?.map((item) => formItems(item));
  const exit = formItems(items[2] ?? null);
  const isLoop = specs?.every((spec) => spec && spec.length >= 2 && spec.length <= 3 && spec[0] instanceof LispySymbol);
  if (!specs || !exit || exit.length === 0 || !isLoop) return undefined;
  if (specs.length === 0 && items.length < 4) return undefined;
  const name = ' do';
  const bindings = specs.map((spec): Binding => ({ name: (spec![0] as LispySymbol).name, value: spec![1]!, spot }));
  const body = (within: Context): Node => {
    const test = analyse(exit[0]!, spot, inner(within));
    const done = sequence(analyseSequence(items[2]!, exit, 1, spot, within));
    const steps = sequence(analyseSequence(form, items, 3, spot, inner(within)));
    const call = [symbol(name), ...specs.map((spec) => spec![2] ?? spec![0]!)];
    const label = within.scope.find(name);
    const args = call.slice(1).map((item) => analyse(item, spot, inner(within)));
    const fn = label instanceof LoopLabel ? undefined : analyse(symbol(name), spot, inner(within));
    const again: Node =
      label instanceof LoopLabel ? { kind: 'continue', label, args, spot } : { kind: 'call', fn: fn!, args, spot };
    return { kind: 'if', test, yes: done, no: sequence([steps, again]) };
  };
  return analyseLoop({ name, form: form as object & Value, spot, bindings, body }, context);
};

export const loopForms: Readonly<Record<string, SpecialForm>> = {
  while: whileLoop,
  dotimes,
  doseq,
  dolist: doseq,
  loop: recurLoop,
};
