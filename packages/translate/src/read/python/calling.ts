// Python's calls as the intermediate form: functions of the file, methods, builtins, math and json.
import { apply, bool, call, int, missing, nil, text } from '../../ir/build.ts';
import type { Expr } from '../../ir/types.ts';
import { type Code, combine, keep, plain } from '../code.ts';
import type { PyNode } from './ast.ts';
import { BUILTINS, CONSUMERS, ITERATORS, MATH, METHODS, type Row, VIEWS } from './calls.ts';
import type { Module } from './module.ts';
import { nodes, type Scope, type Signature } from './scope.ts';

/** How the parts of a call are read. */
type Parts = {
  readonly expression: (node: PyNode, scope: Scope) => Code;
  readonly whole: (node: PyNode, scope: Scope) => Code;
  readonly iterable: (node: PyNode, scope: Scope, lazy?: boolean) => Code;
  readonly callable: (node: PyNode, scope: Scope, arity: number) => Code;
  readonly listItems: (items: readonly PyNode[], scope: Scope) => Code;
  readonly constant: (node: PyNode) => Code;
  readonly setCall: (node: PyNode, scope: Scope) => Code | undefined;
  readonly search: (node: PyNode, scope: Scope, isAny: boolean) => Code;
  readonly refuse: (node: PyNode, construct: string, why: string) => Code;
};

export function createCalls(module: Module, fresh: () => string, parts: Parts) {
  const { expression, whole, iterable, callable, listItems, constant, setCall, search, refuse } = parts;

  const readCall = (node: PyNode, scope: Scope): Code => {
    const fn = node.func as PyNode;
    const args = nodes(node.args);
    const keywords = nodes(node.keywords);
    if (args.some(({ type }) => type === 'Starred') || keywords.some(({ arg }) => arg === null))
      return refuse(node, '*', 'Arguments that are spread do not translate');
    if (fn.type === 'Attribute') return methodCall(node, fn, args, scope);
    if (fn.type !== 'Name')
      return combine(
        [expression(fn, scope), ...args.map((arg) => expression(arg, scope))],
        fresh,
        (callee = nil, ...values) => apply(callee, ...values),
      );
    const name = String(fn.id);
    if (scope.locals.has(name)) {
      if (keywords.length > 0) return refuse(node, name, 'A function value takes no keyword arguments here');
      return combine(
        [expression(fn, scope), ...args.map((arg) => expression(arg, scope))],
        fresh,
        (callee = nil, ...values) => apply(callee, ...values),
      );
    }
    const signature = module.functions.get(name);
    if (signature !== undefined) return functionCall(node, name, signature, scope);
    const imported = module.imports.get(name);
    if (imported !== undefined) return importedCall(node, imported, args, scope);
    return builtinCall(node, name, args, scope);
  };

  const functionCall = (node: PyNode, name: string, signature: Signature, scope: Scope): Code => {
    const args = nodes(node.args);
    const given = new Map(
      nodes(node.keywords).map((keyword): [string, PyNode] => [String(keyword.arg), keyword.value as PyNode]),
    );
    const strangers = [...given.keys()].filter(
      (key) => !signature.params.includes(key) || signature.params.indexOf(key) < args.length,
    );
    if (args.length > signature.params.length || strangers.length > 0)
      return refuse(node, name, 'The arguments do not fit the function, which is an error in Python when it runs');
    const values = signature.params.map((param, index) => args[index] ?? given.get(param) ?? signature.defaults[index]);
    if (values.includes(undefined))
      return refuse(node, name, 'An argument is missing, which is an error in Python when it runs');
    return combine(
      values.map((value) => expression(value as PyNode, scope)),
      fresh,
      (...all) => call(name, ...all),
    );
  };

  const applyRow = (
    node: PyNode,
    row: Row,
    parts: readonly Code[],
    scope: Scope,
    name: string,
    receiver: readonly Code[] = [],
  ): Code => {
    const given = new Map(
      nodes(node.keywords).map((keyword): [string, PyNode] => [String(keyword.arg), keyword.value as PyNode]),
    );
    const names = row.params.map(([param]) => param);
    if (
      parts.length > names.length ||
      [...given.keys()].some((key) => key === '' || !names.includes(key) || names.indexOf(key) < parts.length)
    )
      return refuse(node, name, 'With these arguments it does not translate');
    const codes = row.params.map(([param, otherwise], index) => {
      const keyword = given.get(param);
      if (parts[index] !== undefined) return parts[index] as Code;
      if (keyword !== undefined) return param === 'key' ? callable(keyword, scope, 1) : expression(keyword, scope);
      return otherwise === undefined ? refuse(node, name, 'An argument is missing') : plain(otherwise);
    });
    return combine([...receiver, ...codes], fresh, row.make);
  };

  const methodCall = (node: PyNode, fn: PyNode, args: readonly PyNode[], scope: Scope): Code => {
    const method = String(fn.attr);
    const owner = fn.value as PyNode;
    if (owner.type === 'Name' && !scope.locals.has(String(owner.id))) {
      const imported = module.imports.get(String(owner.id));
      if (imported === 'math' || imported === 'json') return importedCall(node, `${imported}.${method}`, args, scope);
    }
    if (owner.type === 'Name' && String(owner.id) === 'dict' && method === 'fromkeys')
      return refuse(node, 'dict.fromkeys', 'Write a comprehension');
    if (VIEWS.has(method) && args.length === 0)
      return refuse(
        node,
        `.${method}()`,
        'A view translates where it is walked through at once; write list(…) around it',
      );
    const row = METHODS.get(method);
    if (row === undefined) {
      // What stands inside may not translate either: a person sees all of it at once.
      const isModule = owner.type === 'Name' && !scope.locals.has(String(owner.id));
      if (!isModule) whole(owner, scope);
      for (const arg of args) iterable(arg, scope);
      return refuse(node, `.${method}()`, 'This method does not translate');
    }
    const changes = CHANGING.has(method) && owner.type === 'Name' && !scope.locals.has(String(owner.id));
    if (changes)
      return refuse(
        node,
        `${String(owner.id)}.${method}()`,
        'A constant of the module that changes would outlive the call',
      );
    const receiver = whole(owner, scope);
    const parts = args.map((arg) =>
      method === 'join' || method === 'extend' || method === 'update' ? iterable(arg, scope) : expression(arg, scope),
    );
    return applyRow(node, row, parts, scope, `.${method}()`, [receiver]);
  };

  const importedCall = (node: PyNode, imported: string, args: readonly PyNode[], scope: Scope): Code => {
    const [owner, name = ''] = imported.split('.');
    const row = owner === 'math' ? MATH.get(name) : undefined;
    if (row !== undefined)
      return applyRow(
        node,
        row,
        args.map((arg) => expression(arg, scope)),
        scope,
        imported,
      );
    if (imported === 'math.pow' || owner !== 'json' || name !== 'dumps') {
      return refuse(
        node,
        imported,
        owner === 'math' ? 'Each platform rounds it in its own way' : 'This does not translate',
      );
    }
    const given = new Map(
      nodes(node.keywords).map((keyword): [string, PyNode] => [String(keyword.arg), keyword.value as PyNode]),
    );
    const flag = (key: string, otherwise: boolean): Expr =>
      given.get(key)?.type === 'Constant' ? bool(given.get(key)?.value === true) : bool(otherwise);
    const indent = given.get('indent');
    const isKnown = [...given].every(
      ([key, value]) => ['indent', 'sort_keys', 'ensure_ascii'].includes(key) && value.type === 'Constant',
    );
    const isIndent =
      indent === undefined || indent.kind === 'NoneType' || (indent.kind === 'int' && Number(indent.value) >= 0);
    if (args.length !== 1 || !isKnown || !isIndent)
      return refuse(node, 'json.dumps', 'It translates with indent, sort_keys and ensure_ascii as constants');
    return combine([expression(args[0] as PyNode, scope)], fresh, (x = nil) =>
      call(
        'py_json',
        x,
        indent === undefined ? nil : constant(indent).value,
        flag('sort_keys', false),
        flag('ensure_ascii', true),
        int(0),
      ),
    );
  };

  const builtinCall = (node: PyNode, name: string, args: readonly PyNode[], scope: Scope): Code => {
    const keywords = nodes(node.keywords);
    if ((name === 'any' || name === 'all') && args.length === 1 && args[0]?.type === 'GeneratorExp')
      return search(args[0], scope, name === 'any');
    if (name === 'min' || name === 'max') return extreme(node, name, args, scope);
    if (name === 'sum' && (args.length === 1 || args.length === 2) && keywords.length === 0) {
      const start = args[1] === undefined ? plain(int(0)) : expression(args[1], scope);
      return combine([iterable(args[0] as PyNode, scope), start], fresh, (x = nil, from = nil) =>
        call('py_sum', x, from, bool(module.minor >= 12)),
      );
    }
    if (name === 'dict') {
      if (args.length === 0)
        return combine(
          keywords.map(({ value }) => expression(value as PyNode, scope)),
          fresh,
          (...values) => ({
            kind: 'dict',
            entries: keywords.map(({ arg }, index): [Expr, Expr] => [text(String(arg)), values[index] ?? nil]),
          }),
        );
      if (args.length === 1 && keywords.length === 0)
        return combine([iterable(args[0] as PyNode, scope)], fresh, (x = nil) => call('py_dict_of', x));
    }
    if ((name === 'len' || name === 'sorted') && args[0] !== undefined) {
      const unique = setCall(args[0], scope);
      if (unique !== undefined) return applyRow(node, BUILTINS.get(name) as Row, [unique], scope, name);
    }
    if (name === 'isinstance') return instance(node, args, scope);
    if (name === 'range' || ITERATORS.has(name) || name === 'zip')
      return refuse(node, name, 'It translates where it is walked through at once; write list(…) around it');
    const row = BUILTINS.get(name);
    if (row === undefined) {
      for (const arg of args) iterable(arg, scope);
      return refuse(node, name, BUILT_IN_WHY[name] ?? 'This does not translate, or there is nothing of this name');
    }
    const lazy = name === 'any' || name === 'all';
    return applyRow(
      node,
      row,
      args.map((arg, index) =>
        index === 0 && CONSUMERS.has(name) ? iterable(arg, scope, lazy) : expression(arg, scope),
      ),
      scope,
      name,
    );
  };

  const extreme = (node: PyNode, name: string, args: readonly PyNode[], scope: Scope): Code => {
    const given = new Map(
      nodes(node.keywords).map((keyword): [string, PyNode] => [String(keyword.arg), keyword.value as PyNode]),
    );
    if (args.length === 0 || [...given.keys()].some((key) => key !== 'key' && key !== 'default'))
      return refuse(node, name, 'With these arguments it does not translate');
    const items =
      args.length === 1
        ? combine([iterable(args[0] as PyNode, scope)], fresh, (x = nil) => call('py_iter', x))
        : listItems(args, scope);
    const key = given.get('key');
    const otherwise = given.get('default');
    return combine(
      [
        items,
        key === undefined ? plain(nil) : callable(key, scope, 1),
        otherwise === undefined ? plain(missing) : expression(otherwise, scope),
      ],
      fresh,
      (x = nil, by = nil, none = nil) => call('py_extreme', x, by, int(name === 'max' ? 1 : -1), none),
    );
  };

  const instance = (node: PyNode, args: readonly PyNode[], scope: Scope): Code => {
    const kinds = args[1]?.type === 'Tuple' ? nodes(args[1].elts) : args[1] === undefined ? [] : [args[1]];
    const known = kinds.every(
      (kind) =>
        kind.type === 'Name' && ['str', 'int', 'float', 'bool', 'list', 'tuple', 'dict'].includes(String(kind.id)),
    );
    if (args.length !== 2 || !known || kinds.length === 0)
      return refuse(node, 'isinstance', 'It translates for str, int, float, bool, list, tuple and dict');
    const value = keep(whole(args[0] as PyNode, scope), fresh);
    const tests = kinds.map((kind) => call('py_isinstance', value.value, text(String(kind.id))));
    return { pre: value.pre, value: tests.reduce((left, right): Expr => ({ kind: 'or', left, right })) };
  };

  return { readCall, applyRow };
}

const CHANGING = new Set([
  'append',
  'extend',
  'insert',
  'pop',
  'remove',
  'sort',
  'reverse',
  'clear',
  'setdefault',
  'update',
]);

const BUILT_IN_WHY: { readonly [name: string]: string } = {
  print: 'What a call prints is no part of its result; leave it out',
  open: 'Files do not translate',
  input: 'There is nobody to ask',
  set: 'A set has no order that other languages share',
  eval: 'Code made at run time does not translate',
};
