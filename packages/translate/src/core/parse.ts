// Reads a .core file: functions of the intermediate form, written in a strict subset of JavaScript's syntax.
//
// `$name(…)` is a primitive; `+ - * < <= > >=` are integer operations; `===` compares scalars of one type; conditions
// are booleans; `1` is an integer and `1.0` a float; `throw text` fails; `for (const x of list)` walks a list.
import { type AnyNode, type Expression, type FunctionDeclaration, type Pattern, parse, type Statement } from 'acorn';
import {
  apply,
  call,
  choose,
  declare,
  each,
  fail,
  give,
  lambda,
  loop,
  missing,
  nil,
  prim,
  set,
  when,
} from '../ir/build.ts';
import type { Expr, Func, Stmt } from '../ir/types.ts';

const INTEGER: { readonly [operator: string]: string } = { '+': 'add', '-': 'sub', '*': 'mul', '<': 'lt', '<=': 'le' };

/** @throws Error where the file uses what the core language does not have: a mistake of this package */
export function parseCore(source: string, file: string, arities: ReadonlyMap<string, number>): readonly Func[] {
  const { body } = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
  const functions = body.filter((node): node is FunctionDeclaration => node.type === 'FunctionDeclaration');
  let count = 0;
  const fresh = (): string => `i${++count}`;

  const wrong = (node: AnyNode): never => {
    throw new Error(`The core language has no ${node.type}: ${file}: ${source.slice(node.start, node.start + 60)}`);
  };
  const nameOf = (node: Pattern | Expression): string => (node.type === 'Identifier' ? node.name : wrong(node));

  const expr = (node: Expression): Expr => {
    switch (node.type) {
      case 'Literal':
        if (node.value === null) return nil;
        if (typeof node.value === 'boolean') return { kind: 'bool', value: node.value };
        if (typeof node.value === 'string') return { kind: 'text', value: node.value };
        if (typeof node.value === 'bigint') return { kind: 'int', value: node.value };
        return /[.eE]/.test(node.raw ?? '') && !/^0x/.test(node.raw ?? '')
          ? { kind: 'float', value: node.value as number }
          : { kind: 'int', value: BigInt(node.value as number) };
      case 'Identifier':
        if (node.name === 'undefined') return missing;
        return arities.has(node.name)
          ? { kind: 'function', name: node.name, arity: arities.get(node.name) ?? 0 }
          : { kind: 'name', name: node.name };
      case 'TemplateLiteral':
        return prim('join', {
          kind: 'list',
          items: node.quasis.flatMap((quasi, index) => {
            const part: Expr = { kind: 'text', value: quasi.value.cooked ?? '' };
            const value = node.expressions[index];
            return value === undefined ? [part] : [part, expr(value)];
          }),
        });
      case 'ArrayExpression':
        return {
          kind: 'list',
          items: node.elements.map((item) =>
            item === null || item.type === 'SpreadElement' ? wrong(node) : expr(item),
          ),
        };
      case 'ObjectExpression':
        return node.properties.length === 0 ? { kind: 'dict', entries: [] } : wrong(node);
      case 'LogicalExpression':
        if (node.operator === '??') return wrong(node);
        return { kind: node.operator === '&&' ? 'and' : 'or', left: expr(node.left), right: expr(node.right) };
      case 'UnaryExpression':
        if (node.operator === '!') return { kind: 'not', value: expr(node.argument) };
        if (node.operator !== '-') return wrong(node);
        return negate(expr(node.argument));
      case 'BinaryExpression': {
        if (node.left.type === 'PrivateIdentifier') return wrong(node);
        const [left, right] = [expr(node.left), expr(node.right)];
        if (node.operator === '===') return prim('same', left, right);
        if (node.operator === '!==') return { kind: 'not', value: prim('same', left, right) };
        if (node.operator === '>') return prim('lt', right, left);
        if (node.operator === '>=') return prim('le', right, left);
        return prim(INTEGER[node.operator] ?? wrong(node), left, right);
      }
      case 'ConditionalExpression':
        return choose(expr(node.test), expr(node.consequent), expr(node.alternate));
      case 'ArrowFunctionExpression':
        return lambda(
          node.params.map(nameOf),
          node.body.type === 'BlockStatement' ? block(node.body.body) : [give(expr(node.body))],
        );
      case 'CallExpression': {
        const args = node.arguments.map((arg) => (arg.type === 'SpreadElement' ? wrong(arg) : expr(arg)));
        if (node.callee.type === 'Super') return wrong(node);
        if (node.callee.type !== 'Identifier') return apply(expr(node.callee), ...args);
        const { name } = node.callee;
        if (name.startsWith('$')) return prim(name.slice(1), ...args);
        if (arities.has(name)) {
          if (arities.get(name) !== args.length) throw new Error(`${name} was given ${args.length} arguments: ${file}`);
          return call(name, ...args);
        }
        return /^[a-z]+_/.test(name) ? wrong(node) : apply({ kind: 'name', name }, ...args);
      }
      default:
        return wrong(node);
    }
  };

  const block = (nodes: readonly Statement[]): Stmt[] => nodes.flatMap(statement);
  const inside = (node: Statement | null | undefined): Stmt[] =>
    node === null || node === undefined ? [] : node.type === 'BlockStatement' ? block(node.body) : statement(node);
  const statement = (node: Statement): Stmt[] => {
    switch (node.type) {
      case 'VariableDeclaration':
        return node.declarations.map(({ id, init }) => declare(nameOf(id), init ? expr(init) : nil));
      case 'ExpressionStatement':
        if (node.expression.type === 'AssignmentExpression') {
          const { left, right } = node.expression;
          return [set(left.type === 'Identifier' ? left.name : wrong(left), expr(right))];
        }
        return [{ kind: 'do', value: expr(node.expression) }];
      case 'IfStatement':
        return [when(expr(node.test), inside(node.consequent), inside(node.alternate))];
      case 'WhileStatement':
        return [loop(expr(node.test), inside(node.body))];
      case 'ForOfStatement': {
        if (node.left.type !== 'VariableDeclaration') return wrong(node);
        const item = nameOf(node.left.declarations[0]?.id ?? wrong(node));
        return [...each(item, expr(node.right), inside(node.body), fresh)];
      }
      case 'ReturnStatement':
        return [give(node.argument ? expr(node.argument) : nil)];
      case 'ThrowStatement':
        return [fail(expr(node.argument))];
      case 'BreakStatement':
        return [{ kind: 'break' }];
      case 'ContinueStatement':
        return [{ kind: 'continue' }];
      default:
        return wrong(node);
    }
  };

  return functions.map((node) => ({
    name: node.id.name,
    params: node.params.map(nameOf),
    body: block(node.body.body),
  }));
}

function negate(value: Expr): Expr {
  if (value.kind === 'int') return { kind: 'int', value: -value.value };
  if (value.kind === 'float') return { kind: 'float', value: -value.value };
  return prim('sub', { kind: 'int', value: 0n }, value);
}
