// JavaScript's expressions as the intermediate form.
import type * as acorn from 'acorn';
import {
  bool,
  call,
  declare,
  float,
  give,
  lambda,
  list,
  missing,
  nil,
  not,
  prim,
  run,
  set,
  text,
  name as variable,
} from '../../ir/build.ts';
import type { Expr, Stmt } from '../../ir/types.ts';
import type { Refusals } from '../../verdict.ts';
import { type Code, combine, either, inOrder, isBoolean, keep, plain } from '../code.ts';
import { BINARY, CONSTANTS, FUNCTIONS, jsonCall, LEAST, METHODS } from './methods.ts';

/** Names that are known at a place; a function's name says how many parameters it has. */
export type Scope = { readonly names: ReadonlySet<string>; readonly later: ReadonlySet<string> };
export type TopNames = ReadonlyMap<
  string,
  { readonly kind: 'function'; readonly arity: number } | { readonly kind: 'global' }
>;

type Any = acorn.Expression | acorn.SpreadElement | acorn.Super | acorn.PrivateIdentifier | acorn.Pattern;

export const within = (scope: Scope, names: readonly string[]): Scope => ({
  names: new Set([...scope.names, ...names]),
  later: scope.later,
});

export function createExpressions(
  top: TopNames,
  refusals: Refusals,
  fresh: () => string,
  functionBody: (
    node: acorn.Function | acorn.ArrowFunctionExpression,
    scope: Scope,
  ) => { params: string[]; body: Stmt[] },
  bindPattern: (pattern: acorn.Pattern, value: Expr, scope: Scope, isNew: boolean) => readonly Stmt[],
) {
  const refuse = (node: acorn.Node, construct: string, why: string): Code => {
    const start = node.loc?.start;
    refusals.add({ line: start?.line ?? 1, column: (start?.column ?? 0) + 1 }, construct, why);
    return plain(missing);
  };
  const truth = (code: Code): Code => ({
    pre: code.pre,
    value: isBoolean(code.value) ? code.value : call('js_true', code.value),
  });
  const condition = (node: acorn.Expression, scope: Scope): Code => truth(expression(node, scope));

  const expression = (node: Any, scope: Scope): Code => {
    switch (node.type) {
      case 'Literal':
        return literal(node);
      case 'TemplateLiteral':
        return combine(
          node.expressions.map((part) => expression(part, scope)),
          fresh,
          (...values) =>
            prim(
              'join',
              list(
                ...node.quasis.flatMap((quasi, index) => [
                  text(quasi.value.cooked ?? ''),
                  ...(values[index] === undefined ? [] : [call('js_text', values[index] as Expr)]),
                ]),
              ),
            ),
        );
      case 'Identifier':
        return identifier(node, scope);
      case 'ParenthesizedExpression':
        return expression(node.expression, scope);
      case 'ArrayExpression':
        return array(node, node.elements, scope);
      case 'ObjectExpression':
        return object(node, scope);
      case 'UnaryExpression':
        return unary(node, scope);
      case 'BinaryExpression':
        return binary(node, scope);
      case 'LogicalExpression':
        return logical(node.operator, expression(node.left, scope), expression(node.right, scope));
      case 'ConditionalExpression':
        return either(
          condition(node.test, scope),
          expression(node.consequent, scope),
          expression(node.alternate, scope),
          fresh,
        );
      case 'AssignmentExpression':
        return assignment(node, scope);
      case 'UpdateExpression':
        return update(node, scope);
      case 'MemberExpression':
        return member(node, scope);
      case 'ChainExpression':
        return chain(node, scope);
      case 'CallExpression':
        return readCall(node, scope);
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        return plain(functionValue(node, scope));
      case 'NewExpression':
        return refuse(node, 'new', 'Objects of classes do not translate; an Error after throw does');
      case 'AwaitExpression':
        return refuse(node, 'await', 'A call that pauses does not translate');
      default:
        return refuse(node, node.type, 'This kind of expression does not translate');
    }
  };

  const literal = (node: acorn.Literal): Code => {
    if (node.regex) return refuse(node, 'regular expression', 'Each language has its own');
    if (typeof node.value === 'number') return plain(float(node.value));
    if (typeof node.value === 'bigint') return refuse(node, 'bigint', 'Write a number');
    if (typeof node.value === 'boolean') return plain(bool(node.value));
    if (typeof node.value !== 'string') return plain(nil);
    return node.value.isWellFormed()
      ? plain(text(node.value))
      : refuse(node, 'text', 'A text with half of a character');
  };

  const identifier = (node: acorn.Identifier, scope: Scope): Code => {
    const { name } = node;
    if (scope.names.has(name)) return plain(variable(name));
    if (scope.later.has(name)) return refuse(node, name, 'It is used before it is defined');
    const known = top.get(name);
    if (known?.kind === 'global') return plain(variable(name));
    if (known?.kind === 'function') return plain(wrapped(name, known.arity));
    if (name === 'undefined') return plain(missing);
    const builtin = builtinValue(name);
    if (builtin !== undefined) return plain(builtin);
    if (name === 'NaN' || name === 'Infinity')
      return refuse(node, name, 'Not every language has numbers that are not finite');
    return refuse(node, name, 'There is nothing of this name that translates');
  };

  /** A builtin of one parameter as a value. */
  const builtinValue = (name: string | undefined): Expr | undefined => {
    const known = name === undefined || name.endsWith('parseInt') ? undefined : FUNCTIONS.get(name);
    if (known?.most !== 1) return undefined;
    const given = fresh();
    return lambda([given, fresh(), fresh()], [give(known.make(variable(given)))]);
  };

  /** A function of the module as a value: it takes three arguments, as every function value does. */
  const wrapped = (name: string, arity: number): Expr => {
    const params = [fresh(), fresh(), fresh()];
    return lambda(params, [
      give(
        call(
          name,
          ...Array.from({ length: arity }, (_, index) =>
            params[index] === undefined ? missing : variable(params[index] ?? ''),
          ),
        ),
      ),
    ]);
  };

  const functionValue = (node: acorn.ArrowFunctionExpression | acorn.FunctionExpression, scope: Scope): Expr => {
    const { params, body } = functionBody(node, scope);
    if (params.length > 3) refuse(node, 'function', 'A function value translates with up to three parameters');
    return lambda([...params, ...Array.from({ length: Math.max(0, 3 - params.length) }, () => fresh())], body);
  };

  const array = (
    node: acorn.Node,
    elements: readonly (acorn.Expression | acorn.SpreadElement | null)[],
    scope: Scope,
  ): Code => {
    if (elements.includes(null)) return refuse(node, '[,]', 'A list with holes does not translate');
    const items = elements as readonly (acorn.Expression | acorn.SpreadElement)[];
    if (!items.some(({ type }) => type === 'SpreadElement'))
      return combine(
        items.map((item) => expression(item, scope)),
        fresh,
        (...values) => list(...values),
      );
    const codes = items.map((item) =>
      item.type === 'SpreadElement'
        ? combine([expression(item.argument, scope)], fresh, (x = nil) => call('js_iter', x))
        : combine([expression(item, scope)], fresh, (x = nil) => list(x)),
    );
    return combine(codes, fresh, (...parts) => parts.reduce((all, part) => call('list_concat', all, part), list()));
  };

  const object = (node: acorn.ObjectExpression, scope: Scope): Code => {
    const isPlain = node.properties.every(
      (property) => property.type === 'Property' && !property.computed && property.kind === 'init',
    );
    const keys = node.properties.map((property) => (property.type === 'Property' ? keyOf(property) : undefined));
    if (keys.includes('__proto__')) return refuse(node, '__proto__', 'It sets what an object inherits');
    if (isPlain && new Set(keys).size === keys.length) {
      const codes = node.properties.map((property) => expression((property as acorn.Property).value, scope));
      return combine(codes, fresh, (...values) => ({
        kind: 'dict',
        entries: keys.map((key, index): [Expr, Expr] => [text(key ?? ''), values[index] ?? missing]),
      }));
    }
    const result = fresh();
    const pre: Stmt[] = [declare(result, { kind: 'dict', entries: [] })];
    for (const property of node.properties) {
      if (property.type === 'SpreadElement') {
        const code = expression(property.argument, scope);
        pre.push(...code.pre, run(call('js_spread_into', variable(result), code.value)));
        continue;
      }
      if (property.kind !== 'init') refuse(property, property.kind, 'Getters and setters do not translate');
      const key = property.computed
        ? expression(property.key as acorn.Expression, scope)
        : plain(text(keyOf(property) ?? ''));
      const ordered = inOrder([key, expression(property.value, scope)], fresh);
      pre.push(
        ...ordered.pre,
        run(prim('dset', variable(result), call('js_key', ordered.values[0] ?? nil), ordered.values[1] ?? missing)),
      );
    }
    return { pre, value: variable(result) };
  };

  const keyOf = ({ key, computed }: acorn.Property | acorn.AssignmentProperty): string | undefined => {
    if (!computed && key.type === 'Identifier') return key.name;
    return key.type === 'Literal' ? String(key.value) : undefined;
  };

  const unary = (node: acorn.UnaryExpression, scope: Scope): Code => {
    if (node.operator === 'delete') {
      const target = node.argument;
      if (target.type !== 'MemberExpression') return refuse(node, 'delete', 'Only properties can be deleted');
      return combine([expression(target.object, scope), propertyOf(target, scope)], fresh, (x = nil, key = nil) =>
        call('js_delete', x, key),
      );
    }
    const inner = expression(node.argument, scope);
    if (node.operator === '!') return { pre: inner.pre, value: not(truth(inner).value) };
    if (node.operator === '-' && inner.value.kind === 'float') return plain(float(-inner.value.value));
    const semantics = { '-': 'js_neg', '+': 'js_num', typeof: 'js_typeof' }[node.operator as '-'];
    if (semantics === undefined) return refuse(node, node.operator, 'Operations on bits, and void, do not translate');
    return { pre: inner.pre, value: call(semantics, inner.value) };
  };

  const binary = (node: acorn.BinaryExpression, scope: Scope): Code => {
    if (node.left.type === 'PrivateIdentifier') return refuse(node, 'in', 'Private names do not translate');
    const isNull = (side: acorn.Expression): boolean =>
      side.type === 'Literal' && side.value === null && side.raw === 'null';
    if ((node.operator === '==' || node.operator === '!=') && (isNull(node.left) || isNull(node.right))) {
      const code = expression(isNull(node.left) ? node.right : node.left, scope);
      const test = call('js_nullish', code.value);
      return { pre: code.pre, value: node.operator === '==' ? test : not(test) };
    }
    const make = Object.hasOwn(BINARY, node.operator) ? BINARY[node.operator] : undefined;
    if (make === undefined)
      return refuse(node, node.operator, WHY_OPERATOR[node.operator] ?? 'Operations on bits do not translate');
    return combine([expression(node.left, scope), expression(node.right, scope)], fresh, (a = nil, b = nil) =>
      make(a, b),
    );
  };

  const logical = (operator: string, left: Code, right: Code): Code => {
    if (operator !== '??' && isBoolean(left.value) && right.pre.length === 0 && isBoolean(right.value))
      return { pre: left.pre, value: { kind: operator === '&&' ? 'and' : 'or', left: left.value, right: right.value } };
    const kept = keep(left, fresh);
    if (operator === '??')
      return either({ pre: kept.pre, value: call('js_nullish', kept.value) }, right, plain(kept.value), fresh);
    return operator === '&&'
      ? either(truth(kept), right, plain(kept.value), fresh)
      : either(truth(kept), plain(kept.value), right, fresh);
  };

  const assignment = (node: acorn.AssignmentExpression, scope: Scope): Code => {
    const { left, operator } = node;
    if (left.type === 'ObjectPattern' || left.type === 'ArrayPattern') {
      const code = keep(expression(node.right, scope), fresh);
      return { pre: [...code.pre, ...bindPattern(left, code.value, scope, false)], value: code.value };
    }
    if (left.type !== 'Identifier' && left.type !== 'MemberExpression')
      return refuse(node, operator, 'Only variables and properties can be assigned');
    return assignTo(node, left, operator, expression(node.right, scope), scope);
  };

  const assignTo = (
    node: acorn.Node,
    left: acorn.Identifier | acorn.MemberExpression,
    operator: string,
    right: Code,
    scope: Scope,
  ): Code => {
    const inner = operator.slice(0, -1);
    const make = (old: Code): Code => {
      if (inner === '') return right;
      if (inner === '&&' || inner === '||' || inner === '??') return logical(inner, old, right);
      const how = Object.hasOwn(BINARY, inner) ? BINARY[inner] : undefined;
      if (how === undefined) return refuse(node, operator, 'Operations on bits do not translate');
      return combine([old, right], fresh, (a = nil, b = nil) => how(a, b));
    };
    if (left.type === 'Identifier') {
      if (!scope.names.has(left.name))
        return refuse(node, `${left.name} =`, 'Only variables of the call can be assigned: others outlive it');
      const code = make(plain(variable(left.name)));
      return { pre: [...code.pre, set(left.name, code.value)], value: variable(left.name) };
    }
    const place = inOrder([expression(left.object, scope), propertyOf(left, scope), plain(nil)], fresh);
    if (isModule(left.object, scope))
      return refuse(node, '=', 'A constant of the module that changes would outlive the call');
    const [owner, key] = [fresh(), fresh()];
    const pre = [...place.pre, declare(owner, place.values[0] ?? nil), declare(key, place.values[1] ?? nil)];
    const code = make({ pre: [], value: call('js_get', variable(owner), variable(key)) });
    const kept = fresh();
    return {
      pre: [
        ...pre,
        ...code.pre,
        declare(kept, code.value),
        run(call('js_set', variable(owner), variable(key), variable(kept))),
      ],
      value: variable(kept),
    };
  };

  const isModule = (node: acorn.Expression | acorn.Super, scope: Scope): boolean =>
    node.type === 'Identifier'
      ? !scope.names.has(node.name) && top.has(node.name)
      : node.type === 'MemberExpression' && isModule(node.object, scope);

  const update = (node: acorn.UpdateExpression, scope: Scope): Code => {
    const target = node.argument;
    if (target.type !== 'Identifier' && target.type !== 'MemberExpression')
      return refuse(node, node.operator, 'Only variables and properties can be assigned');
    const operator = node.operator === '++' ? '+=' : '-=';
    if (node.prefix) return assignTo(node, target, operator, plain(float(1)), scope);
    if (target.type === 'MemberExpression') {
      const after = assignTo(node, target, operator, plain(float(1)), scope);
      return { pre: after.pre, value: call(node.operator === '++' ? 'js_sub' : 'js_add', after.value, float(1)) };
    }
    const old = fresh();
    const after = assignTo(node, target, operator, plain(float(1)), scope);
    return { pre: [declare(old, call('js_num', variable(target.name))), ...after.pre], value: variable(old) };
  };

  const propertyOf = (node: acorn.MemberExpression, scope: Scope): Code => {
    if (node.property.type === 'PrivateIdentifier') return refuse(node, '#', 'Private names do not translate');
    if (node.computed) return expression(node.property, scope);
    return node.property.type === 'Identifier'
      ? plain(text(node.property.name))
      : refuse(node, '.', 'This property does not translate');
  };

  const member = (node: acorn.MemberExpression, scope: Scope): Code => {
    const constant = CONSTANTS.get(fullName(node, scope) ?? '');
    if (constant !== undefined) return plain(constant);
    const builtin = builtinValue(fullName(node, scope));
    if (builtin !== undefined) return plain(builtin);
    if (node.object.type === 'Super') return refuse(node, 'super', 'Classes do not translate');
    if (!node.computed && node.property.type === 'Identifier' && node.property.name === 'length')
      return combine([expression(node.object, scope)], fresh, (x = nil) => call('js_length', x));
    return combine([expression(node.object, scope), propertyOf(node, scope)], fresh, (x = nil, key = nil) =>
      call('js_get', x, key),
    );
  };

  /** `Math.max`, where nothing in the file has that name. */
  const fullName = (node: acorn.Expression | acorn.Super, scope: Scope): string | undefined => {
    const isFree = (name: string): boolean => !scope.names.has(name) && !top.has(name);
    if (node.type === 'Identifier') return isFree(node.name) ? node.name : undefined;
    if (
      node.type !== 'MemberExpression' ||
      node.computed ||
      node.object.type !== 'Identifier' ||
      node.property.type !== 'Identifier'
    )
      return undefined;
    return isFree(node.object.name) ? `${node.object.name}.${node.property.name}` : undefined;
  };

  const chain = (node: acorn.ChainExpression, scope: Scope): Code => {
    const inner = node.expression;
    if (inner.type === 'MemberExpression' && inner.optional && inner.object.type !== 'Super') {
      const owner = keep(expression(inner.object, scope), fresh);
      const key = propertyOf(inner, scope);
      const value = inner.computed ? key.value : key.value;
      return either(
        { pre: owner.pre, value: call('js_nullish', owner.value) },
        plain(missing),
        { pre: key.pre, value: call('js_get', owner.value, value) },
        fresh,
      );
    }
    return refuse(node, '?.', 'It translates at the end of a chain only; test for undefined before');
  };

  const readCall = (node: acorn.CallExpression, scope: Scope): Code => {
    const { callee } = node;
    if (callee.type === 'Super') return refuse(node, 'super', 'Classes do not translate');
    const name = fullName(callee, scope);
    if (name === 'JSON.stringify') return stringify(node, scope);
    if ((name === 'Math.max' || name === 'Math.min') && node.arguments.some(({ type }) => type === 'SpreadElement'))
      return combine([array(node, node.arguments, scope)], fresh, (items = nil) =>
        call('js_math_extreme', items, bool(name === 'Math.max')),
      );
    if (name === 'Object.assign' || name === 'JSON.parse')
      return refuse(node, name, name === 'JSON.parse' ? 'Reading JSON does not translate yet' : 'Write {...a, ...b}');
    if (name === 'parseInt' && node.arguments.length === 2 && (node.arguments[1] as acorn.Literal).value === 10)
      return call1('js_parse_int', node, scope);
    const known = name === undefined ? undefined : FUNCTIONS.get(name);
    if (callee.type === 'MemberExpression' && !callee.computed && known === undefined)
      return methodCall(node, callee, scope);
    const hasSpread = node.arguments.some(({ type }) => type === 'SpreadElement');
    if (hasSpread) return refuse(node, '...', 'Arguments are spread in Math.max, Math.min and push only');
    const args = node.arguments.map((arg) => expression(arg, scope));
    if (known !== undefined) {
      if (args.length > known.most) return refuse(node, name ?? '', 'With these arguments it does not translate');
      const least = known.most > 10 ? 0 : known.most;
      return combine(
        [...args, ...Array.from({ length: Math.max(0, least - args.length) }, () => plain(missing))],
        fresh,
        known.make,
      );
    }
    if (callee.type === 'Identifier' && !scope.names.has(callee.name)) {
      const target = top.get(callee.name);
      if (target?.kind === 'function') {
        const padded = [
          ...args,
          ...Array.from({ length: Math.max(0, target.arity - args.length) }, () => plain(missing)),
        ];
        return combine(padded, fresh, (...values) => call(callee.name, ...values.slice(0, target.arity)));
      }
      if (target === undefined) return refuse(node, callee.name, 'There is nothing of this name that translates');
    }
    if (args.length > 3) return refuse(node, 'call', 'A function value takes up to three arguments');
    const padded = [...args, ...Array.from({ length: 3 - args.length }, () => plain(missing))];
    return combine([expression(callee, scope), ...padded], fresh, (fn = nil, ...values) =>
      call('js_call', fn, ...values),
    );
  };

  const call1 = (semantics: string, node: acorn.CallExpression, scope: Scope): Code =>
    combine([expression(node.arguments[0] as acorn.Expression, scope)], fresh, (x = nil) => call(semantics, x));

  const stringify = (node: acorn.CallExpression, scope: Scope): Code => {
    const [value, replacer, indent] = node.arguments;
    const isPlain = replacer === undefined || (replacer.type === 'Literal' && replacer.value === null);
    const width =
      indent === undefined
        ? 0
        : indent.type === 'Literal' && typeof indent.value === 'number'
          ? indent.value
          : undefined;
    if (value === undefined || value.type === 'SpreadElement' || !isPlain || width === undefined || width > 10)
      return refuse(node, 'JSON.stringify', 'It translates without a replacer, with a constant number as indent');
    return combine([expression(value, scope)], fresh, (x = nil) => jsonCall(x, width));
  };

  const methodCall = (node: acorn.CallExpression, callee: acorn.MemberExpression, scope: Scope): Code => {
    const called = !callee.computed && callee.property.type === 'Identifier' ? callee.property.name : '';
    const method = METHODS.get(called);
    if (method === undefined || callee.optional || node.optional) {
      // What stands inside may not translate either: a person sees all of it at once.
      if (callee.object.type !== 'Super' && fullName(callee.object, scope) === undefined)
        expression(callee.object, scope);
      for (const arg of node.arguments)
        if (arg.type !== 'SpreadElement' && fullName(callee.object, scope) === undefined) expression(arg, scope);
      return refuse(
        node,
        `.${called}()`,
        callee.optional ? 'Optional calls do not translate' : 'This method does not translate',
      );
    }
    if (callee.object.type === 'Super') return refuse(node, 'super', 'Classes do not translate');
    if (CHANGING.has(called) && isModule(callee.object, scope))
      return refuse(node, `.${called}()`, 'A constant of the module that changes would outlive the call');
    if (called === 'push' && node.arguments.some(({ type }) => type === 'SpreadElement'))
      return combine(
        [expression(callee.object, scope), array(node, node.arguments, scope)],
        fresh,
        (x = nil, items = nil) => call('js_push', x, items),
      );
    if (node.arguments.some(({ type }) => type === 'SpreadElement'))
      return refuse(node, '...', 'Arguments are spread in Math.max, Math.min and push only');
    const args = node.arguments.map((arg) => expression(arg, scope));
    if (args.length > method.most || args.length < (LEAST.get(called) ?? 0))
      return refuse(node, `.${called}()`, 'With these arguments it does not translate');
    if (
      args.some(({ value }, index) => value.kind === 'undefined' && index >= 0) &&
      (method.most > 10 || called === 'reduce')
    )
      return refuse(node, `.${called}(undefined)`, 'An undefined that is handed over in writing');
    const wanted = method.most > 10 || called === 'reduce' ? args.length : method.most;
    const padded = [...args, ...Array.from({ length: Math.max(0, wanted - args.length) }, () => plain(missing))];
    return combine([expression(callee.object, scope), ...padded], fresh, method.make);
  };

  return { expression, condition, refuse };
}

const CHANGING = new Set(['push', 'pop', 'shift', 'unshift', 'splice', 'reverse', 'sort']);

const WHY_OPERATOR: { readonly [operator: string]: string } = {
  '==': 'It converts types on the way; write ===',
  '!=': 'It converts types on the way; write !==',
  in: 'Write Object.hasOwn(object, key)',
  instanceof: 'Classes do not translate',
};
