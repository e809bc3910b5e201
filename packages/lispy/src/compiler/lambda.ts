/** Lambdas: parameter lists in both notations, and the code object of a procedure. */
import { LispySymbol } from '../values/symbol.ts';
import type { Value } from '../values/value.ts';
import type { Context } from './analyse.ts';
import { analyseBody } from './body.ts';
import { Code } from './code.ts';
import { constant, type Node } from './node.ts';
import { LambdaScope, Reread, Scope, Variable } from './scope.ts';
import { formItems, itemSpot, type Spot } from './spot.ts';

/** A lambda to analyse. `items` from `from` on are its body. */
type LambdaSource = {
  readonly name: string;
  readonly form: Value;
  readonly items: readonly Value[];
  readonly parameters: Value;
  /** Items of `parameters` to leave out: 1 where the first is the procedure's name. */
  readonly skip: number;
  readonly from: number;
  readonly spot: Spot;
  /** Whether the body may call itself by `name` through its own frame. */
  readonly self: boolean;
};

/** Analyses a lambda; where its own name is assigned inside, a second time without the shortcut. */
export const analyseLambda = (source: LambdaSource, context: Context): Node => {
  const form = source.form;
  if (!source.self || form === null || typeof form !== 'object' || context.unit.reread.has(form)) {
    return readLambda(source, context, undefined);
  }
  try {
    return readLambda(source, context, form);
  } catch (error) {
    if (!(error instanceof Reread) || error.form !== form) throw error;
    context.unit.reread.add(form);
    return readLambda(source, context, undefined);
  }
};

const readLambda = (source: LambdaSource, context: Context, self: object | undefined): Node => {
  const { unit } = context;
  const lambda = new LambdaScope(context.lambda);
  const scope = new Scope(context.scope, true);
  if (self) scope.names.set(source.name, new Variable(source.name, lambda, 0, true, self));
  const { names, rest } = readParameters(source);
  const parameters = names.map((name) => {
    const variable = lambda.variable(name);
    scope.names.set(name, variable);
    return variable;
  });
  const { items } = source;
  const documented = typeof items[source.from] === 'string' && items.length > source.from + 1;
  const doc = documented ? (items[source.from] as string) : undefined;
  const from = documented ? source.from + 1 : source.from;
  const code = new Code(source.name, parameters, rest, lambda, constant(null), source.spot, unit.redefined, doc);
  code.body = analyseBody(source.form, items, from, source.spot, { unit, scope, lambda, loops: [] });
  unit.codes.push(code);
  return { kind: 'lambda', code, lambda: context.lambda };
};

/** Reads `(a b . rest)`, `[a b & rest]` or a bare name that takes all. */
const readParameters = (source: LambdaSource): { names: string[]; rest: boolean } => {
  const { parameters, spot } = source;
  if (parameters instanceof LispySymbol) return { names: [parameters.name], rest: true };
  const items = formItems(parameters)?.slice(source.skip);
  if (!items) throw spot.error('Parameters must be a list of names, or one name that takes all arguments');
  const names: string[] = [];
  let rest = false;
  for (const [index, item] of items.entries()) {
    const at = itemSpot(parameters, index + source.skip, item, spot);
    if (!(item instanceof LispySymbol)) throw at.error('Parameter must be a name');
    if (item.name === '.' || item.name === '&') {
      if (index !== items.length - 2) throw at.error(`Exactly one name must follow "${item.name}" in a parameter list`);
      rest = true;
    } else if (names.includes(item.name) && item.name !== '_')
      throw at.error(`Parameter "${item.name}" is named twice`);
    else names.push(item.name);
  }
  return { names, rest };
};
