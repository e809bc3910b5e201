// Python's expressions as the intermediate form.
import {
  bool,
  call,
  declare,
  each,
  float,
  give,
  int,
  lambda,
  list,
  nil,
  not,
  prim,
  run,
  set,
  text,
  name as variable,
  when,
} from '../../ir/build.ts';
import type { Expr, Stmt } from '../../ir/types.ts';
import type { Refusals } from '../../verdict.ts';
import { type Code, combine, either, inOrder, isBoolean, keep, plain } from '../code.ts';
import type { PyNode } from './ast.ts';
import { createCalls } from './calling.ts';
import { BINARY, BUILTINS, COMPARE, ITERATORS, MATH_CONSTANTS, type Row, VIEWS } from './calls.ts';
import { formatCall } from './format.ts';
import type { Module } from './module.ts';
import { isNode, nodes, type Scope } from './scope.ts';

export type Reader = ReturnType<typeof createExpressions>;

export function createExpressions(module: Module, refusals: Refusals, fresh: () => string) {
  const refuse = (node: PyNode, construct: string, why: string): Code => {
    refusals.add({ line: node.lineno ?? 1, column: (node.col_offset ?? 0) + 1 }, construct, why);
    return plain(nil);
  };
  const truth = (code: Code): Code => ({
    pre: code.pre,
    value: isBoolean(code.value) ? code.value : call('py_true', code.value),
  });
  const condition = (node: PyNode, scope: Scope): Code => truth(expression(node, scope));

  const expression = (node: PyNode, scope: Scope): Code => {
    const at = (part: unknown): Code => (isNode(part as PyNode) ? expression(part as PyNode, scope) : plain(nil));
    switch (node.type) {
      case 'Constant':
        return constant(node);
      case 'Name':
        return readName(node, scope);
      case 'BinOp': {
        const operator = (node.op as PyNode).type;
        const semantics = BINARY[operator];
        if (semantics === undefined) return refuse(node, operator, 'Operations on bits and matrices do not translate');
        if (operator === 'Mod' && (node.left as PyNode).type === 'Constant' && (node.left as PyNode).kind === 'str')
          return refuse(node, '%', 'Write an f-string in place of formatting with %');
        return combine([at(node.left), at(node.right)], fresh, (a = nil, b = nil) => call(semantics, a, b));
      }
      case 'UnaryOp': {
        const operator = (node.op as PyNode).type;
        const inner = at(node.operand);
        if (operator === 'Not') return { pre: inner.pre, value: not(truth(inner).value) };
        if (operator === 'Invert') return refuse(node, '~', 'Operations on bits do not translate');
        if (operator === 'USub' && inner.value.kind === 'int') return plain(int(-inner.value.value));
        if (operator === 'USub' && inner.value.kind === 'float') return plain(float(-inner.value.value));
        return { pre: inner.pre, value: call(operator === 'USub' ? 'py_neg' : 'py_plus', inner.value) };
      }
      case 'BoolOp':
        return logic(node, scope);
      case 'Compare':
        return comparison(node, scope);
      case 'IfExp':
        return either(condition(node.test as PyNode, scope), at(node.body), at(node.orelse), fresh);
      case 'List':
      case 'Tuple': {
        const items = listItems(nodes(node.elts), scope);
        return node.type === 'List' ? items : { pre: items.pre, value: call('py_tuple', items.value) };
      }
      case 'Dict':
        return dictionary(node, scope);
      case 'Subscript': {
        const slice = node.slice as PyNode;
        if (slice.type === 'Slice') {
          const parts = [node.value, slice.lower, slice.upper, slice.step].map(at);
          return combine(parts, fresh, (x = nil, from = nil, to = nil, step = nil) =>
            call('py_slice', x, from, to, step),
          );
        }
        return combine([whole(node.value as PyNode, scope), at(slice)], fresh, (x = nil, index = nil) =>
          call('py_get', x, index),
        );
      }
      case 'Call':
        return calls.readCall(node, scope);
      case 'JoinedStr':
        return combine(
          nodes(node.values).map((part) => formatted(part, scope)),
          fresh,
          (...parts) => (parts.length === 0 ? text('') : prim('join', list(...parts))),
        );
      case 'Lambda': {
        const params = parametersOf(node);
        const inner: Scope = {
          locals: new Set([...scope.locals, ...params]),
          bound: new Set([...scope.bound, ...params]),
        };
        const body = expression(node.body as PyNode, inner);
        return plain(lambda(params, [...body.pre, give(body.value)]));
      }
      case 'ListComp':
      case 'DictComp':
        return comprehension(node, scope);
      case 'NamedExpr': {
        const target = String((node.target as PyNode).id);
        const code = at(node.value);
        return { pre: [...code.pre, set(target, code.value)], value: call('py_bound', variable(target)) };
      }
      case 'Attribute': {
        const owner = node.value as PyNode;
        if (owner.type === 'Name' && module.imports.get(String(owner.id)) === 'math') {
          const number = MATH_CONSTANTS.get(String(node.attr));
          if (number !== undefined) return plain(float(number));
        }
        return refuse(node, `.${String(node.attr)}`, 'Attributes other than methods that are called do not translate');
      }
      case 'GeneratorExp':
        return refuse(
          node,
          'generator',
          'A generator runs step by step; use it directly in sum, sorted, join, any or all, or write a list',
        );
      case 'Set':
      case 'SetComp':
        return refuse(node, 'set', 'A set has no order that other languages share; it translates after "in" only');
      case 'Await':
      case 'Yield':
      case 'YieldFrom':
        return refuse(node, node.type.toLowerCase(), 'A call that pauses does not translate');
      default:
        return refuse(node, node.type, 'This kind of expression does not translate');
    }
  };

  const constant = (node: PyNode): Code => {
    switch (node.kind) {
      case 'int':
        return plain(int(BigInt(String(node.value))));
      case 'float':
        return Number.isFinite(Number(node.value))
          ? plain(float(Number(node.value)))
          : refuse(node, String(node.value), 'A number that is not finite');
      case 'str':
        return String(node.value).isWellFormed()
          ? plain(text(String(node.value)))
          : refuse(node, 'str', 'A text with half of a character');
      case 'bool':
        return plain(bool(node.value === true));
      case 'NoneType':
        return plain(nil);
      default:
        return refuse(node, String(node.kind), 'A constant of this type does not translate');
    }
  };

  const readName = (node: PyNode, scope: Scope): Code => {
    const name = String(node.id);
    if (scope.locals.has(name)) return plain(scope.bound.has(name) ? variable(name) : call('py_bound', variable(name)));
    const kind = module.globals.get(name);
    if (kind === 'scalar') return plain(variable(name));
    if (kind === 'mutable')
      return refuse(
        node,
        name,
        'A list or dictionary of the module may be looked into here, not handed on: it could be changed between calls',
      );
    const signature = module.functions.get(name);
    if (signature !== undefined) {
      if (signature.defaults.some((value) => value !== undefined))
        return refuse(node, name, 'A function with defaults as a value; write a lambda around it');
      return plain({ kind: 'function', name, arity: signature.params.length });
    }
    if (BUILTINS.has(name)) return refuse(node, name, 'A builtin as a value; write a lambda around it');
    return refuse(node, name, 'There is nothing of this name that translates');
  };

  /** A value that is only looked into: constants of the module may stand here. */
  const whole = (node: PyNode, scope: Scope): Code => {
    const name = node.type === 'Name' ? String(node.id) : '';
    return !scope.locals.has(name) && module.globals.has(name) ? plain(variable(name)) : expression(node, scope);
  };

  /** A value that is walked through at once: iterators, views and module constants may stand here. */
  const iterable = (node: PyNode, scope: Scope, lazy = false): Code => {
    if (node.type === 'Call') {
      const fn = node.func as PyNode;
      const args = nodes(node.args);
      if (fn.type === 'Name' && !scope.locals.has(String(fn.id)) && !module.functions.has(String(fn.id))) {
        const name = String(fn.id);
        if (name === 'range') return rangeCall(node, args, scope);
        if (name === 'zip' && nodes(node.keywords).length === 0)
          return combine(
            args.map((arg) => iterable(arg, scope, true)),
            fresh,
            (...lists) => call('py_zip', list(...lists)),
          );
        if (name === 'set' && args.length === 1)
          return refuse(node, 'set', 'A set has no order that other languages share');
        const row = ITERATORS.get(name);
        if (row !== undefined) {
          const takesFunction = name === 'map' || name === 'filter';
          if (takesFunction && lazy) return refuse(node, name, 'It runs step by step here; write list(…) around it');
          const parts = args.map((arg, index) =>
            index === (takesFunction ? 1 : 0) ? iterable(arg, scope, true) : callable(arg, scope, 1),
          );
          return calls.applyRow(node, row, parts, scope, name);
        }
      }
      if (fn.type === 'Attribute' && VIEWS.has(String(fn.attr)) && args.length === 0) {
        const row = VIEWS.get(String(fn.attr)) as Row;
        return combine([whole(fn.value as PyNode, scope)], fresh, row.make);
      }
    }
    if (node.type === 'GeneratorExp' && !lazy) return comprehension(node, scope);
    return whole(node, scope);
  };

  const rangeCall = (node: PyNode, args: readonly PyNode[], scope: Scope): Code => {
    const parts = args.map((arg) => expression(arg, scope));
    if (parts.length < 1 || parts.length > 3) return refuse(node, 'range', 'It takes one to three integers');
    return combine(parts, fresh, (a = nil, b, c = int(1)) =>
      b === undefined ? call('py_range', int(0), a, int(1)) : call('py_range', a, b, c),
    );
  };

  /** An argument that may be a function: a builtin is wrapped. */
  const callable = (node: PyNode, scope: Scope, arity: number): Code => {
    const name = node.type === 'Name' ? String(node.id) : '';
    if (scope.locals.has(name) || module.functions.has(name) || name === '') return expression(node, scope);
    const row = BUILTINS.get(name);
    if (row === undefined || row.params.length < arity) return expression(node, scope);
    const params = Array.from({ length: arity }, () => fresh());
    const rest = row.params.slice(arity).map(([, otherwise]) => otherwise ?? nil);
    return plain(lambda(params, [give(row.make(...params.map(variable), ...rest))]));
  };

  const listItems = (items: readonly PyNode[], scope: Scope): Code => {
    if (!items.some((item) => item.type === 'Starred'))
      return combine(
        items.map((item) => expression(item, scope)),
        fresh,
        (...values) => list(...values),
      );
    const codes = items.map((item) =>
      item.type === 'Starred'
        ? iterable(item.value as PyNode, scope)
        : combine([expression(item, scope)], fresh, (value = nil) => list(value)),
    );
    return combine(codes, fresh, (...parts) =>
      parts.reduce((all, part) => call('list_concat', all, call('py_iter', part)), list()),
    );
  };

  const dictionary = (node: PyNode, scope: Scope): Code => {
    const keys = (node.keys as readonly (PyNode | null)[]) ?? [];
    const values = nodes(node.values);
    if (keys.includes(null)) {
      const parts = keys.map((key, index) => {
        const value = values[index] as PyNode;
        if (key === null)
          return combine([whole(value, scope)], fresh, (x = nil) => call('py_dict_of', call('py_only_dict', x)));
        return combine([expression(key, scope), expression(value, scope)], fresh, (k = nil, v = nil) =>
          call('py_dict', list(k, v)),
        );
      });
      return combine(parts, fresh, (...all) =>
        all.reduce((made, part) => call('py_or', made, part), { kind: 'dict', entries: [] } as Expr),
      );
    }
    const codes = keys.flatMap((key, index) => [
      expression(key as PyNode, scope),
      expression(values[index] as PyNode, scope),
    ]);
    const texts = keys.map((key) => (key?.type === 'Constant' && key.kind === 'str' ? String(key.value) : undefined));
    const isPlain = !texts.includes(undefined) && new Set(texts).size === texts.length;
    return combine(codes, fresh, (...all) =>
      isPlain
        ? {
            kind: 'dict',
            entries: texts.map((_, index): [Expr, Expr] => [all[index * 2] ?? nil, all[index * 2 + 1] ?? nil]),
          }
        : call('py_dict', list(...all)),
    );
  };

  const logic = (node: PyNode, scope: Scope): Code => {
    const isAnd = (node.op as PyNode).type === 'And';
    const codes = nodes(node.values).map((part) => expression(part, scope));
    return codes.reduceRight((rest, code) => {
      if (isBoolean(code.value) && rest.pre.length === 0 && isBoolean(rest.value))
        return { pre: code.pre, value: { kind: isAnd ? 'and' : 'or', left: code.value, right: rest.value } };
      const kept = keep(code, fresh);
      return isAnd
        ? either(truth(kept), rest, plain(kept.value), fresh)
        : either(truth(kept), plain(kept.value), rest, fresh);
    });
  };

  const comparison = (node: PyNode, scope: Scope): Code => {
    const operators = nodes(node.ops).map(({ type }) => type);
    const parts = nodes(node.comparators);
    const chain = (left: Code, index: number): Code => {
      const operator = operators[index] ?? '';
      const right = parts[index] as PyNode;
      const isLast = index === operators.length - 1;
      const value = compareOne(node, operator, right, scope, isLast);
      if (isLast) return combine([left, value.right], fresh, (a = nil, b = nil) => value.make(a, b));
      const [first, second] = [left, keep(value.right, fresh)];
      const { pre, values } = inOrder([first, second], fresh);
      const test = value.make(values[0] ?? nil, values[1] ?? nil);
      return either({ pre, value: test }, chain(plain(values[1] ?? nil), index + 1), plain(bool(false)), fresh);
    };
    return chain(whole(node.left as PyNode, scope), 0);
  };

  const compareOne = (
    node: PyNode,
    operator: string,
    right: PyNode,
    scope: Scope,
    isLast: boolean,
  ): { right: Code; make: (a: Expr, b: Expr) => Expr } => {
    if (operator === 'Is' || operator === 'IsNot') {
      const known = right.type === 'Constant' && (right.kind === 'NoneType' || right.kind === 'bool');
      if (!known) refuse(node, 'is', 'Identity translates for None, True and False only');
      const value = constant(right).value;
      return {
        right: plain(value),
        make: (a, b) => (operator === 'Is' ? prim('same', a, b) : not(prim('same', a, b))),
      };
    }
    if (operator === 'In' || operator === 'NotIn') {
      const inside =
        right.type === 'Set'
          ? combine(
              nodes(right.elts).map((item) => expression(item, scope)),
              fresh,
              (...values) => list(...values),
            )
          : setCall(right, scope);
      const make = inside === undefined ? 'py_in_' : 'py_in_set';
      if (!isLast) refuse(node, 'in', 'It translates at the end of a chain of comparisons only');
      return {
        right: inside ?? iterable(right, scope, true),
        make: (a, b) => (operator === 'In' ? call(make, a, b) : not(call(make, a, b))),
      };
    }
    return { right: whole(right, scope), make: (a, b) => call(COMPARE[operator] ?? 'py_eq', a, b) };
  };

  /** `set(x)`, where the order of its items is not seen. */
  const setCall = (node: PyNode, scope: Scope): Code | undefined => {
    if (node.type !== 'Call' || (node.func as PyNode).id !== 'set' || nodes(node.args).length !== 1) return undefined;
    return combine([iterable(nodes(node.args)[0] as PyNode, scope)], fresh, (x = nil) => call('py_unique', x));
  };

  const formatted = (part: PyNode, scope: Scope): Code => {
    if (part.type === 'Constant') return constant(part);
    const value = expression(part.value as PyNode, scope);
    const converted = part.conversion === 114 ? 'py_repr' : part.conversion === 115 ? 'py_str' : undefined;
    if (part.conversion === 97) return refuse(part, '!a', 'This conversion does not translate');
    const inner: Code = converted === undefined ? value : { pre: value.pre, value: call(converted, value.value) };
    if (part.format_spec === null || part.format_spec === undefined)
      return { pre: inner.pre, value: call('py_str', inner.value) };
    const pieces = nodes((part.format_spec as PyNode).values);
    if (pieces.some(({ type }) => type !== 'Constant'))
      return refuse(part, 'format', 'A format that is computed does not translate');
    const made = formatCall(pieces.map(({ value: piece }) => String(piece)).join(''), inner.value);
    return made === undefined
      ? refuse(
          part,
          `:${pieces.map(({ value: piece }) => String(piece)).join('')}`,
          'Formats translate with d, f, % and s only',
        )
      : { pre: inner.pre, value: made };
  };

  /** `any(… for …)`: stops at the first item that decides. */
  const search = (node: PyNode, scope: Scope, isAny: boolean): Code => {
    const result = fresh();
    const leave: Stmt[] = [set(result, bool(isAny)), { kind: 'break' }];
    const pre = generatorLoop(
      node,
      scope,
      (inner) => {
        const test = condition(node.elt as PyNode, inner);
        return [...test.pre, when(isAny ? test.value : not(test.value), leave)];
      },
      { result, decided: isAny },
    );
    return { pre: [declare(result, bool(!isAny)), ...pre], value: variable(result) };
  };

  const comprehension = (node: PyNode, scope: Scope): Code => {
    const result = fresh();
    const isDict = node.type === 'DictComp';
    const pre = generatorLoop(node, scope, (inner) => {
      if (isDict) {
        const { pre: before, values } = inOrder(
          [expression(node.key as PyNode, inner), expression(node.value as PyNode, inner)],
          fresh,
        );
        return [...before, run(prim('dset', variable(result), call('py_key', values[0] ?? nil), values[1] ?? nil))];
      }
      const value = expression(node.elt as PyNode, inner);
      return [...value.pre, run(prim('push', variable(result), value.value))];
    });
    return { pre: [declare(result, isDict ? { kind: 'dict', entries: [] } : list()), ...pre], value: variable(result) };
  };

  const generatorLoop = (
    node: PyNode,
    scope: Scope,
    body: (inner: Scope) => readonly Stmt[],
    stop?: { readonly result: string; readonly decided: boolean },
  ): readonly Stmt[] => {
    const build = (index: number, outer: Scope): readonly Stmt[] => {
      const generator = nodes(node.generators)[index];
      if (generator === undefined) return body(outer);
      if (generator.is_async === 1) refuse(node, 'async', 'A call that pauses does not translate');
      const source = iterable(generator.iter as PyNode, index === 0 ? scope : outer, true);
      const names = targetNames(generator.target as PyNode);
      const inner: Scope = { locals: new Set([...outer.locals, ...names]), bound: new Set([...outer.bound, ...names]) };
      const item = fresh();
      const filters = nodes(generator.ifs).map((test) => condition(test, inner));
      const last = build(index + 1, inner);
      const guarded = filters.reduceRight<readonly Stmt[]>((rest, test) => [...test.pre, when(test.value, rest)], last);
      const decided: Stmt[] =
        stop !== undefined && index < nodes(node.generators).length - 1
          ? [when(stop.decided ? variable(stop.result) : not(variable(stop.result)), [{ kind: 'break' }])]
          : [];
      return [
        ...source.pre,
        ...each(
          item,
          call('py_iter', source.value),
          [...bindTarget(generator.target as PyNode, variable(item), true), ...guarded, ...decided],
          fresh,
        ),
      ];
    };
    return build(0, scope);
  };

  const targetNames = (target: PyNode): string[] => {
    if (target.type === 'Name') return [String(target.id)];
    return nodes(target.elts).flatMap(targetNames);
  };

  /** Statements that give the names of a target their values; `fresh` ones are declared. */
  const bindTarget = (target: PyNode, value: Expr, isNew: boolean): readonly Stmt[] => {
    if (target.type === 'Name') return [isNew ? declare(String(target.id), value) : set(String(target.id), value)];
    if (target.type !== 'Tuple' && target.type !== 'List') {
      refuse(target, target.type, 'A loop can only fill names');
      return [];
    }
    const items = fresh();
    const parts = nodes(target.elts);
    if (parts.some(({ type }) => type === 'Starred')) refuse(target, '*', 'A starred target does not translate');
    return [
      declare(items, call('py_unpack', value, int(parts.length))),
      ...parts.flatMap((part, index) => bindTarget(part, prim('get', variable(items), int(index)), isNew)),
    ];
  };

  const parametersOf = (node: PyNode): string[] => {
    const args = node.args as PyNode;
    const isPlain =
      nodes(args.kwonlyargs).length === 0 &&
      args.vararg === null &&
      args.kwarg === null &&
      nodes(args.defaults).length === 0;
    if (!isPlain)
      refuse(node, 'parameters', 'An inner function has to have plain parameters, without defaults or stars');
    return [...nodes(args.posonlyargs), ...nodes(args.args)].map(({ arg }) => String(arg));
  };

  const calls = createCalls(module, fresh, {
    expression,
    whole,
    iterable,
    callable,
    listItems,
    constant,
    setCall,
    search,
    refuse,
  });
  return { expression, condition, iterable, whole, targetNames, bindTarget, parametersOf, refuse };
}
