/** The named `let`: a loop inside its procedure where its name is only jumped to, else a recursive procedure. */
import { List } from '../../values/list.ts';
import type { Value } from '../../values/value.ts';
import { analyse, type Context, inner, scoped } from '../analyse.ts';
import { analyseBody, declare } from '../body.ts';
import { Code } from '../code.ts';
import { constant, type Node, sequence } from '../node.ts';
import { LambdaScope, LoopLabel, Reread, Scope, Variable } from '../scope.ts';
import type { Special } from '../special.ts';
import type { Spot } from '../spot.ts';
import { type Binding, readBindings } from './binding.ts';

/** What a named `let`, a Clojure `loop` or a Scheme `do` comes down to. */
type NamedLoop = {
  readonly name: string;
  readonly form: object;
  readonly spot: Spot;
  readonly bindings: readonly Binding[];
  /** Analyses the body in a context where the name and the variables are bound. */
  readonly body: (context: Context) => Node;
};

export const namedLet = ({ form, items, spot }: Special, name: string, context: Context): Node => {
  if (items.length < 4) throw spot.error('Write a named let as (let name ((variable value) …) body …)');
  const bindings = readBindings(items[2], spot);
  const body = (within: Context): Node => analyseBody(form, items, 3, spot, within);
  return analyseLoop({ name, form: form as object & Value, spot, bindings, body }, context);
};

/** As a loop first; as a procedure where the body needs its name for more than a jump. */
export const analyseLoop = (loop: NamedLoop, context: Context): Node => {
  if (context.unit.reread.has(loop.form)) return asProcedure(loop, context);
  try {
    return asJumps(loop, context);
  } catch (error) {
    if (!(error instanceof Reread) || error.form !== loop.form) throw error;
    context.unit.reread.add(loop.form);
    return asProcedure(loop, context);
  }
};

const asJumps = (loop: NamedLoop, context: Context): Node => {
  const values = loop.bindings.map((binding) => analyse(binding.value, binding.spot, inner(context)));
  const within = scoped(context);
  const variables = loop.bindings.map((binding) => context.lambda.variable(binding.name));
  const label = new LoopLabel(loop.name, context.lambda, variables, loop.form);
  within.scope.names.set(loop.name, label);
  const bodyContext = scoped({ ...within, loops: [...context.loops, label] });
  for (const variable of variables) bodyContext.scope.names.set(variable.name, variable);
  const inits = variables.map(
    (variable, index): Node => ({ kind: 'bind', variable, value: values[index]!, fresh: true }),
  );
  return { kind: 'loop', label, inits, body: loop.body(bodyContext), spot: loop.spot };
};

/** As a procedure that reaches itself through its own frame; through a variable where it assigns its name. */
const asProcedure = (loop: NamedLoop, context: Context): Node => {
  const { reread } = context.unit;
  const key = loop.form instanceof List ? loop.form.values : undefined;
  if (!key || reread.has(key)) return readProcedure(loop, context, undefined);
  try {
    return readProcedure(loop, context, key);
  } catch (error) {
    if (!(error instanceof Reread) || error.form !== key) throw error;
    reread.add(key);
    return readProcedure(loop, context, undefined);
  }
};

const readProcedure = (loop: NamedLoop, context: Context, key: object | undefined): Node => {
  const { unit } = context;
  const args = loop.bindings.map((binding) => analyse(binding.value, binding.spot, inner(context)));
  const outer = scoped(context, true);
  const self = declare(loop.name, context, outer.scope);
  const lambda = new LambdaScope(context.lambda);
  const scope = new Scope(outer.scope, true);
  if (key) scope.names.set(loop.name, new Variable(loop.name, lambda, 0, true, key));
  const parameters = loop.bindings.map((binding): Variable => {
    const variable = lambda.variable(binding.name);
    scope.names.set(binding.name, variable);
    return variable;
  });
  const code = new Code(loop.name, parameters, false, lambda, constant(null), loop.spot, unit.redefined);
  code.body = loop.body({ unit, scope, lambda, loops: [] });
  unit.codes.push(code);
  self.initialised = true;
  const fn: Node = { kind: 'local', variable: self, lambda: context.lambda, spot: loop.spot, checked: false };
  return sequence([
    { kind: 'declare', variable: self },
    { kind: 'bind', variable: self, value: { kind: 'lambda', code, lambda: context.lambda }, fresh: false },
    { kind: 'call', fn, args, spot: loop.spot },
  ]);
};
