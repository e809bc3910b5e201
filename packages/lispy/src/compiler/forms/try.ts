/** Errors as values: `try`/`catch`/`finally`, `guard`, `with-exception-handler`, `assert`. */

import { printValue } from '../../print.ts';
import { EMPTY, listOf } from '../../values/list.ts';
import { LispySymbol, symbol } from '../../values/symbol.ts';
import type { Value } from '../../values/value.ts';
import { analyse, type Context, callBuiltin, inner, scoped } from '../analyse.ts';
import { analyseBody, analyseSequence } from '../body.ts';
import { constant, type Node, sequence } from '../node.ts';
import type { Variable } from '../scope.ts';
import type { SpecialForm } from '../special.ts';
import { formItems, itemSpot, type Spot } from '../spot.ts';

const clauseOf = (form: Value, name: string): Value[] | undefined => {
  const items = formItems(form);
  return items?.[0] instanceof LispySymbol && items[0].name === name ? items : undefined;
};

/** `(try body … (catch e handler …) (finally after …))`; `(catch Type e …)` is read too, the type means nothing. */
const tryForm: SpecialForm = ({ form, items, spot }, context) => {
  const last = items.length - 1;
  const after = clauseOf(items[last]!, 'finally');
  const rest = after ? items.slice(0, -1) : items;
  const at = rest.findIndex((item, index) => index > 0 && clauseOf(item, 'catch') !== undefined);
  const body = at < 0 ? rest : rest.slice(0, at);
  const bodyNode = (): Node => sequence(analyseSequence(form, body, 1, spot, inner(context)));
  const handled =
    at < 0
      ? bodyNode()
      : handle(bodyNode(), rest[at]!, itemSpot(form, at, rest[at]!, spot), after ? inner(context) : context);
  if (!after) return handled;
  return finish(handled, () => sequence(analyseSequence(items[last]!, after, 1, spot, inner(context))), spot, context);
};

const handle = (body: Node, form: Value, spot: Spot, context: Context): Node => {
  const items = formItems(form)!;
  const named = items[1] instanceof LispySymbol ? items[1] : formItems(items[1] ?? EMPTY)?.[0];
  const typed = items[1] instanceof LispySymbol && items[2] instanceof LispySymbol && items.length > 3;
  const name = typed ? items[2] : named;
  if (!(name instanceof LispySymbol)) throw spot.error('Write a handler as (catch name body …)');
  const variable = context.lambda.variable(name.name);
  const within = scoped(context);
  within.scope.names.set(name.name, variable);
  return { kind: 'try', body, variable, handler: analyseBody(form, items, typed ? 3 : 2, spot, within), spot };
};

const read = (variable: Variable, context: Context, spot: Spot): Node => {
  return { kind: 'local', variable, lambda: context.lambda, spot, checked: false };
};

/** Runs `after` on both ways out; its nodes are analysed once for each. */
const finish = (body: Node, after: () => Node, spot: Spot, context: Context): Node => {
  const result = context.lambda.variable('result');
  const error = context.lambda.variable('error');
  const again = callBuiltin('raise', [read(error, context, spot)], spot, context);
  const guarded: Node = { kind: 'try', body, variable: error, handler: sequence([after(), again]), spot };
  return sequence([
    { kind: 'bind', variable: result, value: guarded, fresh: true },
    after(),
    read(result, context, spot),
  ]);
};

/** `(guard (e clause …) body …)`: the clauses are a `cond`; where none applies the error goes on. */
const guard: SpecialForm = ({ form, items, spot }, context) => {
  const head = formItems(items[1] ?? EMPTY);
  const name = head?.[0];
  if (!head || !(name instanceof LispySymbol)) throw spot.error('Write (guard (name clause …) body …)');
  const body = sequence(analyseSequence(form, items, 2, spot, inner(context)));
  const variable = context.lambda.variable(name.name);
  const within = scoped(context);
  within.scope.names.set(name.name, variable);
  const again = listOf([symbol('else'), listOf([symbol('raise'), name])]);
  const clauses = listOf([symbol('cond'), ...head.slice(1), again]);
  return { kind: 'try', body, variable, handler: analyse(clauses, spot, within), spot };
};

/** `(with-exception-handler handler thunk)`: the handler's value is the value of the whole. */
const withHandler: SpecialForm = ({ form, items, spot }, context) => {
  if (items.length !== 3) throw spot.error('Write (with-exception-handler handler thunk)');
  const within = inner(context);
  const at = (index: number): Node => analyse(items[index]!, itemSpot(form, index, items[index]!, spot), within);
  const body: Node = { kind: 'call', fn: at(2), args: [], spot };
  const variable = context.lambda.variable('error');
  const handler: Node = { kind: 'call', fn: at(1), args: [read(variable, context, spot)], spot };
  return { kind: 'try', body, variable, handler, spot };
};

/** `(assert test [message])` shows the test where no message is given. */
const assert: SpecialForm = ({ form, items, spot }, context) => {
  if (items.length < 2 || items.length > 3) throw spot.error('Write (assert test [message])');
  const within = inner(context);
  const test = analyse(items[1]!, itemSpot(form, 1, items[1]!, spot), within);
  const message =
    items.length === 3
      ? analyse(items[2]!, itemSpot(form, 2, items[2]!, spot), within)
      : constant(printValue(items[1]!));
  const fail = callBuiltin('assert-failed', [message], spot, context);
  return { kind: 'if', test, yes: constant(true), no: fail };
};

export const tryForms: Readonly<Record<string, SpecialForm>> = {
  try: tryForm,
  guard,
  'with-exception-handler': withHandler,
  assert,
};
