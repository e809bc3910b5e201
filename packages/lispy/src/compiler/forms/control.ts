/** Choosing and sequencing: `if`, `cond`, `case`, `when`, `unless`, `and`, `or`, `begin`, `do`. */
import { EMPTY } from '../../values/list.ts';
import { LispySymbol } from '../../values/symbol.ts';
import type { Value } from '../../values/value.ts';
import { analyse, analyseItems, type Context, callBuiltin, inner, scoped } from '../analyse.ts';
import { analyseBody, analyseSequence } from '../body.ts';
import { constant, type Node, sequence } from '../node.ts';
import { datum } from '../quote.ts';
import type { Variable } from '../scope.ts';
import type { Special, SpecialForm } from '../special.ts';
import { bracketsOf, formItems, itemSpot, type Spot } from '../spot.ts';
import { schemeDo } from './loop.ts';

const choose: SpecialForm = ({ form, items, spot }, context) => {
  if (items.length < 3 || items.length > 4) throw spot.error('Write a choice as (if test then [else])');
  const at = (index: number, within: Context): Node =>
    analyse(items[index]!, itemSpot(form, index, items[index]!, spot), within);
  return {
    kind: 'if',
    test: at(1, inner(context)),
    yes: at(2, context),
    no: items.length === 4 ? at(3, context) : constant(null),
  };
};

const guarded =
  (name: string, whenTrue: boolean): SpecialForm =>
  ({ form, items, spot }, context) => {
    if (items.length < 2) throw spot.error(`Write (${name} test body …)`);
    const test = analyse(items[1]!, itemSpot(form, 1, items[1]!, spot), inner(context));
    const body = sequence(analyseSequence(form, items, 2, spot, context));
    return { kind: 'if', test, yes: whenTrue ? body : constant(null), no: whenTrue ? constant(null) : body };
  };

const isElse = (form: Value): boolean =>
  form === 'else' || form === true || (form instanceof LispySymbol && form.name === 'else');

/** One clause: what to test and what to do; `undefined` as the test means always. */
type Clause = { readonly test: Value; readonly place: Spot; readonly body: (context: Context, test: Node) => Node };

/** `cond` with clauses in brackets, or flat `test value test value` as in Clojure. */
const cond: SpecialForm = ({ form, items, spot }, context) => {
  const clauses = isFlat(items, context)
    ? flatClauses(form, items, spot)
    : items.slice(1).map((item, index) => clause(form, item, index + 1, spot));
  return chain(clauses, context);
};

/** Flat where something cannot be a clause, or where all items are calls of something that is no local name. */
const isFlat = (items: readonly Value[], context: Context): boolean => {
  if (items.length < 3 || items.length % 2 === 0) return false;
  let calls = true;
  for (const item of items.slice(1)) {
    const parts = formItems(item);
    if (!parts || parts.length === 0 || bracketsOf(item) !== 'list') return true;
    const head = parts[0]!;
    const isCall =
      head instanceof LispySymbol && parts.length > 1 && !isElse(head) && context.scope.find(head.name) === undefined;
    if (!isCall) calls = false;
  }
  return calls;
};

const flatClauses = (form: Value, items: readonly Value[], spot: Spot): Clause[] => {
  const clauses: Clause[] = [];
  for (let index = 1; index + 1 < items.length; index += 2) {
    const value = items[index + 1]!;
    const at = itemSpot(form, index + 1, value, spot);
    clauses.push({
      test: items[index]!,
      place: itemSpot(form, index, items[index]!, spot),
      body: (context) => analyse(value, at, context),
    });
  }
  return clauses;
};

const clause = (form: Value, item: Value, index: number, spot: Spot): Clause => {
  const at = itemSpot(form, index, item, spot);
  const parts = formItems(item);
  if (!parts || parts.length === 0) throw at.error('Clause must be (test value …)');
  const body = (context: Context, test: Node): Node => {
    if (parts[1] instanceof LispySymbol && parts[1].name === '=>' && parts.length === 3) {
      const fn = analyse(parts[2]!, itemSpot(item, 2, parts[2]!, at), inner(context));
      return { kind: 'call', fn, args: [test], spot: at };
    }
    return sequence(analyseSequence(item, parts, 1, at, context));
  };
  return {
    test: parts[0]!,
    place: itemSpot(item, 0, parts[0]!, at),
    body: parts.length === 1 ? (_, test) => test : body,
  };
};

/** Clauses as a chain of choices, built from the end so that many clauses do not nest the analyser. */
const chain = (clauses: readonly Clause[], context: Context): Node => {
  const built: { test: Node | undefined; yes: Node; bind: Node | undefined }[] = [];
  const { unit } = context;
  const depth = unit.depth;
  for (const { test, place, body } of clauses) {
    unit.nest(0.25, place);
    if (isElse(test)) {
      built.push({ test: undefined, yes: body(context, constant(true)), bind: undefined });
      break;
    }
    const variable = context.lambda.variable('test');
    const value = analyse(test, place, inner(context));
    const local: Node = { kind: 'local', variable, lambda: context.lambda, spot: place, checked: false };
    const yes = body(context, local);
    const usesTest = yes === local || (yes.kind === 'call' && yes.args[0] === local);
    if (usesTest) built.push({ test: local, yes, bind: { kind: 'bind', variable, value, fresh: true } });
    else built.push({ test: value, yes, bind: undefined });
  }
  unit.depth = depth;
  return built.reduceRight<Node>((otherwise, { test, yes, bind }) => {
    if (test === undefined) return yes;
    const node: Node = { kind: 'if', test, yes, no: otherwise };
    return bind ? sequence([bind, node]) : node;
  }, constant(null));
};

/** `case`: Scheme's clauses with lists of data, or Clojure's flat pairs with a default at the end. */
const caseOf: SpecialForm = ({ form, items, spot }, context) => {
  if (items.length < 2) throw spot.error('Write (case value ((datum …) result …) … (else result …))');
  const variable = context.lambda.variable('case');
  const key: Node = { kind: 'local', variable, lambda: context.lambda, spot, checked: false };
  const value = analyse(items[1]!, itemSpot(form, 1, items[1]!, spot), inner(context));
  const within = scoped(context);
  const isScheme = items.slice(2).every((item) => {
    const parts = formItems(item);
    return (
      parts !== undefined &&
      parts.length > 0 &&
      bracketsOf(item) === 'list' &&
      (isElse(parts[0]!) || formItems(parts[0]!) !== undefined)
    );
  });
  const { depth } = context.unit;
  const clauses = isScheme ? schemeCases(form, items, spot, within) : clojureCases(form, items, spot, within);
  context.unit.depth = depth;
  const choice = clauses.reduceRight<Node>((otherwise, { data, yes }) => {
    if (data === undefined) return yes;
    const test = callBuiltin('case-match', [key, constant(data)], spot, within);
    return { kind: 'if', test, yes, no: otherwise };
  }, constant(null));
  return sequence([{ kind: 'bind', variable, value, fresh: true }, choice]);
};

type Case = { readonly data: Value | undefined; readonly yes: Node };

const schemeCases = (form: Value, items: readonly Value[], spot: Spot, context: Context): Case[] =>
  items.slice(2).map((item, index) => {
    context.unit.nest(0.25, spot);
    const parts = formItems(item)!;
    const at = itemSpot(form, index + 2, item, spot);
    const yes = sequence(analyseSequence(item, parts, 1, at, context));
    return { data: isElse(parts[0]!) ? undefined : datum(parts[0]!), yes };
  });

const clojureCases = (form: Value, items: readonly Value[], spot: Spot, context: Context): Case[] => {
  const cases: Case[] = [];
  for (let index = 2; index < items.length; index += 2) {
    context.unit.nest(0.25, spot);
    const isDefault = index + 1 === items.length || isElse(items[index]!);
    const at = isDefault && index + 1 === items.length ? index : index + 1;
    const yes = analyse(items[at]!, itemSpot(form, at, items[at]!, spot), context);
    cases.push({ data: isDefault ? undefined : datum(items[index]!), yes });
  }
  return cases;
};

const connective =
  (kind: 'and' | 'or', none: Value): SpecialForm =>
  ({ form, items, spot }, context) => {
    if (items.length === 1) return constant(none);
    const nodes = analyseItems(form, items.slice(0, -1), 1, spot, context);
    const last = items.length - 1;
    return { kind, nodes: [...nodes, analyse(items[last]!, itemSpot(form, last, items[last]!, spot), context)] };
  };

const begin = ({ form, items, spot }: Special, context: Context): Node =>
  sequence(analyseSequence(form, items, 1, spot, context));

const doForm: SpecialForm = (special, context) => schemeDo(special, context) ?? begin(special, context);

/** `(if-let [x value] then else)` and `(when-let [x value] body …)`. */
const letTest =
  (name: string, isWhen: boolean): SpecialForm =>
  ({ form, items, spot }, context) => {
    const pair = formItems(items[1] ?? EMPTY);
    if (pair?.length !== 2 || !(pair[0] instanceof LispySymbol)) throw spot.error(`Write (${name} [name value] …)`);
    const variable: Variable = context.lambda.variable(pair[0].name);
    const value = analyse(pair[1]!, itemSpot(items[1]!, 1, pair[1]!, spot), inner(context));
    const within = scoped(context);
    within.scope.names.set(variable.name, variable);
    const test: Node = { kind: 'local', variable, lambda: context.lambda, spot, checked: false };
    const rest = isWhen ? items : items.slice(0, 3);
    const yes = analyseBody(form, rest, 2, spot, within);
    const other =
      !isWhen && items.length > 3 ? analyse(items[3]!, itemSpot(form, 3, items[3]!, spot), context) : constant(null);
    return sequence([
      { kind: 'bind', variable, value, fresh: true },
      { kind: 'if', test, yes, no: other },
    ]);
  };

export const controlForms: Readonly<Record<string, SpecialForm>> = {
  if: choose,
  cond,
  case: caseOf,
  when: guarded('when', true),
  unless: guarded('unless', false),
  'when-not': guarded('when-not', false),
  and: connective('and', true),
  or: connective('or', false),
  begin,
  progn: begin,
  do: doForm,
  'if-let': letTest('if-let', false),
  'when-let': letTest('when-let', true),
};
