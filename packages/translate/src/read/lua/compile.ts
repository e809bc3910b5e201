// Lua's statements and expressions as the intermediate form. A function value takes exactly two arguments.
import type luaparse from 'luaparse';
import {
  apply,
  bool,
  call,
  declare,
  float,
  give,
  int,
  lambda,
  list,
  loop,
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
import { BINARY, CONSTANTS, FUNCTIONS } from './functions.ts';
import { placeOf, textOf } from './nodes.ts';

/** Local names; `args` is the table of arguments where each member is a variable. */
export type Scope = { readonly names: ReadonlySet<string>; readonly args: string | undefined };

const VALUE_ARITY = 2;

export function createCompiler(
  functions: ReadonlyMap<string, luaparse.FunctionDeclaration>,
  globals: ReadonlySet<string>,
  refusals: Refusals,
  fresh: () => string,
) {
  const refuse = (node: luaparse.Node, construct: string, why: string): Code => {
    refusals.add(placeOf(node), construct, why);
    return plain(nil);
  };
  const within = (scope: Scope, names: readonly string[]): Scope => ({
    names: new Set([...scope.names, ...names]),
    args: scope.args !== undefined && names.includes(scope.args) ? undefined : scope.args,
  });
  const truth = (code: Code): Code => ({
    pre: code.pre,
    value: isBoolean(code.value) ? code.value : call('lua_true', code.value),
  });
  const condition = (node: luaparse.Expression, scope: Scope): Code => truth(expression(node, scope));

  const functionBody = (node: luaparse.FunctionDeclaration, scope: Scope): { params: string[]; body: Stmt[] } => {
    const params = node.parameters.flatMap((parameter) => {
      if (parameter.type === 'Identifier') return [parameter.name];
      refuse(node, '...', 'Variable arguments do not translate');
      return [];
    });
    return { params, body: [...block(node.body, within(scope, params)), give(nil)] };
  };

  const block = (nodes: readonly luaparse.Statement[], scope: Scope): Stmt[] => {
    let inner = scope;
    return nodes.flatMap((node) => {
      const made = statement(node, inner);
      if (node.type === 'LocalStatement')
        inner = within(
          inner,
          node.variables.map(({ name }) => name),
        );
      if (node.type === 'FunctionDeclaration' && node.isLocal && node.identifier?.type === 'Identifier')
        inner = within(inner, [node.identifier.name]);
      return made;
    });
  };

  const statement = (node: luaparse.Statement, scope: Scope): Stmt[] => {
    switch (node.type) {
      case 'LocalStatement': {
        const codes = node.variables.map((_, index) =>
          node.init[index] === undefined ? plain(nil) : expression(node.init[index] as luaparse.Expression, scope),
        );
        if (node.init.length > 1 && node.init.length !== node.variables.length)
          refuse(node, 'local', 'As many values as variables');
        if (node.init.length === 1 && node.variables.length > 1)
          refuse(node, 'local', 'Several results of a call do not translate');
        const { pre, values } = inOrder(codes, fresh);
        return [...pre, ...node.variables.map(({ name }, index) => declare(name, values[index] ?? nil))];
      }
      case 'AssignmentStatement':
        return assignment(node, scope);
      case 'CallStatement': {
        const code = expression(node.expression, scope);
        return [...code.pre, run(code.value)];
      }
      case 'IfStatement': {
        const chain = (index: number): Stmt[] => {
          const clause = node.clauses[index];
          if (clause === undefined) return [];
          if (clause.type === 'ElseClause') return block(clause.body, scope);
          const test = condition(clause.condition, scope);
          return [...test.pre, when(test.value, block(clause.body, scope), chain(index + 1))];
        };
        return chain(0);
      }
      case 'WhileStatement': {
        const test = condition(node.condition, scope);
        if (test.pre.length === 0) return [loop(test.value, block(node.body, scope))];
        return [
          loop(bool(true), [...test.pre, when(not(test.value), [{ kind: 'break' }]), ...block(node.body, scope)]),
        ];
      }
      case 'ForNumericStatement':
        return numericFor(node, scope);
      case 'ForGenericStatement':
        return genericFor(node, scope);
      case 'DoStatement':
        return [when(bool(true), block(node.body, scope))];
      case 'ReturnStatement': {
        if (node.arguments.length > 1) refuse(node, 'return', 'Several results do not translate');
        const value = node.arguments[0];
        const code = value === undefined ? plain(nil) : expression(value, scope);
        return [...code.pre, give(code.value)];
      }
      case 'BreakStatement':
        return [{ kind: 'break' }];
      case 'FunctionDeclaration': {
        if (!node.isLocal || node.identifier?.type !== 'Identifier') {
          refuse(node, 'function', 'A function inside a function has to be local');
          return [];
        }
        return [declare(node.identifier.name, functionValue(node, within(scope, [node.identifier.name])))];
      }
      default:
        refuse(node, WORDS[node.type] ?? node.type, 'This kind of statement does not translate');
        return [];
    }
  };

  const assignment = (node: luaparse.AssignmentStatement, scope: Scope): Stmt[] => {
    const [target, value] = [node.variables[0], node.init[0]];
    if (node.variables.length !== 1 || node.init.length !== 1 || target === undefined || value === undefined) {
      refuse(node, '=', 'Several assignments at once do not translate');
      return [];
    }
    if (target.type === 'Identifier') {
      if (!scope.names.has(target.name))
        refuse(node, `${target.name} =`, 'Only local variables can be assigned: others outlive the call');
      const code = expression(value, scope);
      return [...code.pre, set(target.name, code.value)];
    }
    if (target.type !== 'MemberExpression' && target.type !== 'IndexExpression') {
      refuse(node, '=', 'Only variables and fields can be assigned');
      return [];
    }
    if (target.base.type === 'Identifier' && !scope.names.has(target.base.name))
      refuse(node, '=', 'A table of the file that changes would outlive the call');
    const key =
      target.type === 'MemberExpression' ? plain(text(target.identifier.name)) : expression(target.index, scope);
    const { pre, values } = inOrder([expression(target.base, scope), key, expression(value, scope)], fresh);
    return [...pre, run(call('lua_set', values[0] ?? nil, values[1] ?? nil, values[2] ?? nil))];
  };

  const numericFor = (node: luaparse.ForNumericStatement, scope: Scope): Stmt[] => {
    const step = node.step === null || node.step === undefined ? plain(int(1)) : expression(node.step, scope);
    if (step.value.kind !== 'int' || step.value.value === 0n)
      refuse(node, 'for', 'The step has to be a whole number that is written out');
    const { pre, values } = inOrder([expression(node.start, scope), expression(node.end, scope)], fresh);
    const [at, end] = [fresh(), fresh()];
    const isUp = step.value.kind === 'int' && step.value.value > 0n;
    return [
      ...pre,
      declare(at, call('lua_for_start', values[0] ?? nil)),
      declare(end, call(isUp ? 'lua_floor' : 'lua_ceil', values[1] ?? nil)),
      loop(
        prim('le', ...(isUp ? [variable(at), variable(end)] : [variable(end), variable(at)])),
        [declare(node.variable.name, variable(at)), ...block(node.body, within(scope, [node.variable.name]))],
        [set(at, prim('add', variable(at), step.value))],
      ),
    ];
  };

  const genericFor = (node: luaparse.ForGenericStatement, scope: Scope): Stmt[] => {
    const iterator = node.iterators[0];
    const isPairs =
      iterator?.type === 'CallExpression' && iterator.base.type === 'Identifier' ? iterator.base.name : '';
    const source = iterator?.type === 'CallExpression' ? iterator.arguments[0] : undefined;
    if (isPairs !== 'ipairs' || source === undefined) {
      refuse(
        node,
        isPairs === 'pairs' ? 'pairs' : 'for … in',
        isPairs === 'pairs' ? 'Its order is not determined' : 'Only ipairs translates',
      );
      return [];
    }
    const code = expression(source, scope);
    const [items, at, item] = [fresh(), fresh(), fresh()];
    const names = node.variables.map(({ name }) => name);
    return [
      ...code.pre,
      declare(items, call('lua_table_of', code.value)),
      declare(at, int(0)),
      loop(bool(true), [
        set(at, prim('add', variable(at), int(1))),
        declare(item, call('lua_get', variable(items), variable(at))),
        when(prim('isNull', variable(item)), [{ kind: 'break' }]),
        ...(names[0] === undefined ? [] : [declare(names[0], variable(at))]),
        ...(names[1] === undefined ? [] : [declare(names[1], variable(item))]),
        ...block(node.body, within(scope, names)),
      ]),
    ];
  };

  const functionValue = (node: luaparse.FunctionDeclaration, scope: Scope): Expr => {
    const { params, body } = functionBody(node, scope);
    if (params.length > VALUE_ARITY) refuse(node, 'function', 'A function value translates with up to two parameters');
    return lambda(
      [...params, ...Array.from({ length: Math.max(0, VALUE_ARITY - params.length) }, () => fresh())],
      body,
    );
  };

  const expression = (node: luaparse.Expression, scope: Scope): Code => {
    switch (node.type) {
      case 'StringLiteral': {
        const value = textOf(node);
        return value === undefined ? refuse(node, 'text', 'Its bytes are no UTF-8') : plain(text(value));
      }
      case 'NumericLiteral':
        return number(node);
      case 'BooleanLiteral':
        return plain(bool(node.value));
      case 'NilLiteral':
        return plain(nil);
      case 'Identifier':
        return identifier(node, scope);
      case 'FunctionDeclaration':
        return plain(functionValue(node, scope));
      case 'TableConstructorExpression':
        return table(node, scope);
      case 'UnaryExpression': {
        const inner = expression(node.argument, scope);
        if (node.operator === 'not') return { pre: inner.pre, value: not(truth(inner).value) };
        if (node.operator === '-' && inner.value.kind === 'int') return plain(int(-inner.value.value));
        if (node.operator === '-' && inner.value.kind === 'float') return plain(float(-inner.value.value));
        if (node.operator === '~') return refuse(node, '~', 'Operations on bits do not translate');
        return { pre: inner.pre, value: call(node.operator === '#' ? 'lua_len' : 'lua_neg', inner.value) };
      }
      case 'BinaryExpression':
        return binary(node, scope);
      case 'LogicalExpression': {
        const [left, right] = [expression(node.left, scope), expression(node.right, scope)];
        if (isBoolean(left.value) && right.pre.length === 0 && isBoolean(right.value))
          return { pre: left.pre, value: { kind: node.operator, left: left.value, right: right.value } };
        const kept = keep(left, fresh);
        return node.operator === 'and'
          ? either(truth(kept), right, plain(kept.value), fresh)
          : either(truth(kept), plain(kept.value), right, fresh);
      }
      case 'MemberExpression': {
        const constant = CONSTANTS.get(fullName(node, scope) ?? '');
        if (constant !== undefined) return plain(constant);
        if (node.indexer !== '.') return refuse(node, ':', 'A method as a value does not translate');
        if (node.base.type === 'Identifier' && node.base.name === scope.args)
          return plain(variable(`args ${node.identifier.name}`));
        return combine([expression(node.base, scope)], fresh, (x = nil) =>
          call('lua_get', x, text(node.identifier.name)),
        );
      }
      case 'IndexExpression':
        return combine([expression(node.base, scope), expression(node.index, scope)], fresh, (x = nil, key = nil) =>
          call('lua_get', x, key),
        );
      case 'CallExpression':
        return readCall(node, scope);
      case 'StringCallExpression':
        return refuse(node, 'call', 'Write the call with brackets');
      case 'TableCallExpression':
        return refuse(node, 'call', 'Write the call with brackets');
      default:
        return refuse(node, '...', 'Variable arguments do not translate');
    }
  };

  const number = (node: luaparse.NumericLiteral): Code => {
    const raw = node.raw.toLowerCase();
    if (raw.startsWith('0x'))
      return Number.isSafeInteger(node.value) && !/[.p]/.test(raw)
        ? plain(int(node.value))
        : refuse(node, node.raw, 'This notation of a number does not translate');
    if (/[.e]/.test(raw))
      return Number.isFinite(node.value)
        ? plain(float(node.value))
        : refuse(node, node.raw, 'A number that is not finite');
    const value = BigInt(raw);
    return plain(value <= 9223372036854775807n ? int(value) : float(node.value));
  };

  const identifier = (node: luaparse.Identifier, scope: Scope): Code => {
    if (scope.names.has(node.name)) return plain(variable(node.name));
    if (globals.has(node.name)) return plain(variable(node.name));
    const known = functions.get(node.name);
    if (known !== undefined) {
      const params = [fresh(), fresh()];
      return plain(
        lambda(params, [
          give(
            call(
              node.name,
              ...known.parameters.map((_, index) =>
                params[index] === undefined ? nil : variable(params[index] ?? ''),
              ),
            ),
          ),
        ]),
      );
    }
    return refuse(node, node.name, 'There is nothing of this name that translates');
  };

  const table = (node: luaparse.TableConstructorExpression, scope: Scope): Code => {
    let at = 0;
    const codes = node.fields.flatMap((field) => {
      if (field.type === 'TableKeyString') return [plain(text(field.key.name)), expression(field.value, scope)];
      if (field.type === 'TableKey') return [expression(field.key, scope), expression(field.value, scope)];
      return [plain(int(++at)), expression(field.value, scope)];
    });
    if (at > 0 && at < node.fields.length) return refuse(node, '{}', 'A table with positions and keys at once');
    return combine(codes, fresh, (...values) => call('lua_table', list(...values)));
  };

  const binary = (node: luaparse.BinaryExpression, scope: Scope): Code => {
    const codes = [expression(node.left, scope), expression(node.right, scope)];
    if (node.operator === '~=') return combine(codes, fresh, (a = nil, b = nil) => not(call('lua_eq', a, b)));
    if (node.operator === '>' || node.operator === '>=')
      return combine(codes, fresh, (a = nil, b = nil) => call(node.operator === '>' ? 'lua_lt' : 'lua_le', b, a));
    const semantics = BINARY[node.operator];
    if (semantics === undefined)
      return refuse(
        node,
        node.operator,
        node.operator === '^' ? "Lua's own C library rounds it" : 'Operations on bits do not translate',
      );
    return combine(codes, fresh, (a = nil, b = nil) => call(semantics, a, b));
  };

  const fullName = (node: luaparse.Expression, scope: Scope): string | undefined => {
    const isFree = (name: string): boolean => !scope.names.has(name) && !globals.has(name) && !functions.has(name);
    if (node.type === 'Identifier') return isFree(node.name) ? node.name : undefined;
    if (node.type !== 'MemberExpression' || node.base.type !== 'Identifier' || node.indexer !== '.') return undefined;
    return isFree(node.base.name) ? `${node.base.name}.${node.identifier.name}` : undefined;
  };

  const readCall = (node: luaparse.CallExpression, scope: Scope): Code => {
    const { base } = node;
    if (base.type === 'MemberExpression' && base.indexer === ':')
      return library(node, `string.${base.identifier.name}`, [base.base, ...node.arguments], scope);
    const named = fullName(base, scope);
    if (named !== undefined) return library(node, named, node.arguments, scope);
    const args = node.arguments.map((arg) => expression(arg, scope));
    const target = base.type === 'Identifier' && !scope.names.has(base.name) ? functions.get(base.name) : undefined;
    const wanted = target?.parameters.length ?? VALUE_ARITY;
    if (target === undefined && args.length > VALUE_ARITY)
      return refuse(node, 'call', 'A function value takes up to two arguments');
    const padded = [...args, ...Array.from({ length: Math.max(0, wanted - args.length) }, () => plain(nil))];
    if (target !== undefined)
      return combine(padded, fresh, (...values) =>
        call((base as luaparse.Identifier).name, ...values.slice(0, wanted)),
      );
    return combine([expression(base, scope), ...padded], fresh, (fn = nil, ...values) =>
      apply(call('lua_apply', fn), ...values),
    );
  };

  const library = (
    node: luaparse.CallExpression,
    named: string,
    args: readonly luaparse.Expression[],
    scope: Scope,
  ): Code => {
    if (named === 'string.format') return format(node, args, scope);
    if (named === 'string.find') {
      const [s, part, from, isPlain] = args;
      const literalOne =
        from?.type === 'NumericLiteral' && from.value === 1 && isPlain?.type === 'BooleanLiteral' && isPlain.value;
      if (s === undefined || part === undefined || !literalOne)
        return refuse(node, named, 'Patterns are Lua alone; write string.find(s, part, 1, true)');
      return combine([expression(s, scope), expression(part, scope)], fresh, (a = nil, b = nil) =>
        call('lua_find_plain', a, b),
      );
    }
    const known = FUNCTIONS.get(named);
    if (known === undefined) return refuse(node, named, 'This does not translate, or there is nothing of this name');
    if (args.length < known.least || args.length > known.most)
      return refuse(node, named, 'With these arguments it does not translate');
    return combine(
      args.map((arg) => expression(arg, scope)),
      fresh,
      known.make,
    );
  };

  const format = (node: luaparse.CallExpression, args: readonly luaparse.Expression[], scope: Scope): Code => {
    const template = args[0]?.type === 'StringLiteral' ? textOf(args[0]) : undefined;
    const pieces = template?.split(/(%%|%d|%s|%\.\d{1,2}f)/) ?? [];
    const marks = pieces.filter((_, index) => index % 2 === 1 && pieces[index] !== '%%');
    if (
      template === undefined ||
      pieces.some((piece, index) => index % 2 === 0 && piece.includes('%')) ||
      marks.length !== args.length - 1
    )
      return refuse(node, 'string.format', 'It translates with %d, %s, %.2f and %% written out');
    return combine(
      args.slice(1).map((arg) => expression(arg, scope)),
      fresh,
      (...values) => {
        let at = 0;
        const parts = pieces.map((piece, index): Expr => {
          if (index % 2 === 0) return text(piece);
          if (piece === '%%') return text('%');
          const value = values[at++] ?? nil;
          if (piece === '%d') return call('lua_format_d', value);
          return piece === '%s'
            ? call('lua_text', value)
            : call('lua_format_f', value, int(Number(piece.slice(2, -1))));
        });
        return prim('join', list(...parts));
      },
    );
  };

  return { functionBody, expression, refuse };
}

const WORDS: { readonly [type: string]: string } = {
  RepeatStatement: 'repeat',
  GotoStatement: 'goto',
  LabelStatement: 'label',
};
