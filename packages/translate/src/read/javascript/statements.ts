// JavaScript's statements as the intermediate form.
import type * as acorn from 'acorn';
import {
  bool,
  call,
  declare,
  each,
  fail,
  give,
  lambda,
  loop,
  missing,
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
import { createExpressions, type Scope, type TopNames, within } from './expressions.ts';

export function createReader(top: TopNames, refusals: Refusals, fresh: () => string) {
  /** A function's parameters and body. */
  const functionBody = (
    node: acorn.Function | acorn.ArrowFunctionExpression,
    scope: Scope,
  ): { params: string[]; body: Stmt[] } => {
    if (node.async || node.generator)
      refuse(node, node.async ? 'async' : 'function*', 'A call that pauses does not translate');
    const pre: Stmt[] = [];
    let inner = scope;
    const params = node.params.map((param) => {
      const given = param.type === 'Identifier' ? param.name : fresh();
      const target = param.type === 'AssignmentPattern' ? param.left : param;
      inner = within(inner, [given, ...patternNames(target)]);
      if (param.type === 'AssignmentPattern') {
        const otherwise = expression(param.right, inner);
        pre.push(when(prim('isUndef', variable(given)), [...otherwise.pre, set(given, otherwise.value)]));
      }
      if (param.type === 'RestElement') refuse(param, '...', 'Parameters that take the rest do not translate');
      else if (target.type !== 'Identifier' || param.type === 'AssignmentPattern')
        pre.push(...bindPattern(target, variable(given), inner, true));
      return given;
    });
    if (node.body.type !== 'BlockStatement') {
      const code = expression(node.body, inner);
      return { params, body: [...pre, ...code.pre, give(code.value)] };
    }
    return { params, body: [...pre, ...block(node.body.body, inner), give(missing)] };
  };

  const bindPattern = (pattern: acorn.Pattern, value: Expr, scope: Scope, isNew: boolean): readonly Stmt[] => {
    switch (pattern.type) {
      case 'Identifier':
        if (!isNew && !scope.names.has(pattern.name))
          refuse(pattern, `${pattern.name} =`, 'Only variables of the call can be assigned');
        return [isNew ? declare(pattern.name, value) : set(pattern.name, value)];
      case 'AssignmentPattern': {
        const kept = fresh();
        const otherwise = expression(pattern.right, scope);
        return [
          declare(kept, value),
          when(prim('isUndef', variable(kept)), [...otherwise.pre, set(kept, otherwise.value)]),
          ...bindPattern(pattern.left, variable(kept), scope, isNew),
        ];
      }
      case 'ArrayPattern': {
        const items = fresh();
        return [
          declare(items, call('js_iter', value)),
          ...pattern.elements.flatMap((element, index): readonly Stmt[] => {
            if (element === null) return [];
            if (element.type === 'RestElement')
              return bindPattern(
                element.argument,
                call('js_slice', variable(items), { kind: 'float', value: index }, missing),
                scope,
                isNew,
              );
            return bindPattern(element, call('js_get', variable(items), { kind: 'float', value: index }), scope, isNew);
          }),
        ];
      }
      case 'ObjectPattern': {
        const owner = fresh();
        return [
          declare(owner, value),
          ...(pattern.properties.length === 0 ? [run(call('js_get', variable(owner), text('x')))] : []),
          ...pattern.properties.flatMap((property): readonly Stmt[] => {
            if (property.type === 'RestElement' || property.computed) {
              refuse(property, '...', 'The rest of an object does not translate');
              return [];
            }
            const key =
              property.key.type === 'Identifier' ? property.key.name : String((property.key as acorn.Literal).value);
            return bindPattern(property.value, call('js_get', variable(owner), text(key)), scope, isNew);
          }),
        ];
      }
      default:
        refuse(pattern, pattern.type, 'Only variables can be filled here');
        return [];
    }
  };

  const { expression, condition, refuse } = createExpressions(top, refusals, fresh, functionBody, bindPattern);

  const block = (nodes: readonly acorn.Statement[], scope: Scope): Stmt[] => {
    const declared = nodes.flatMap((node) => declaredNames(node));
    let inner: Scope = {
      names: new Set([...scope.names].filter((name) => !declared.includes(name))),
      later: new Set([...scope.later, ...declared]),
    };
    const functions = nodes.filter((node): node is acorn.FunctionDeclaration => node.type === 'FunctionDeclaration');
    const made: Stmt[] = [];
    if (functions.length > 0)
      inner = within(
        inner,
        functions.map(({ id }) => id.name),
      );
    for (const node of functions) {
      const { params, body } = functionBody(node, inner);
      if (params.length > 3)
        refuse(node, node.id.name, 'A function inside a function translates with up to three parameters');
      made.push(
        declare(
          node.id.name,
          lambda([...params, ...Array.from({ length: Math.max(0, 3 - params.length) }, () => fresh())], body),
        ),
      );
    }
    if (functions.length > 1)
      refuse(
        functions[1] as acorn.Node,
        'function',
        'Several functions inside a function; move them to the top of the file',
      );
    for (const node of nodes) {
      if (node.type === 'FunctionDeclaration') continue;
      made.push(...statement(node, inner));
      const names = declaredNames(node);
      if (names.length > 0)
        inner = {
          names: new Set([...inner.names, ...names]),
          later: new Set([...inner.later].filter((name) => !names.includes(name))),
        };
    }
    return made;
  };

  const inside = (node: acorn.Statement, scope: Scope): Stmt[] =>
    block(node.type === 'BlockStatement' ? node.body : [node], scope);

  const statement = (node: acorn.Statement, scope: Scope): Stmt[] => {
    switch (node.type) {
      case 'VariableDeclaration':
        return declaration(node, scope);
      case 'ExpressionStatement': {
        const code = expression(node.expression, scope);
        return code.value.kind === 'name' || code.value.kind === 'undefined'
          ? [...code.pre]
          : [...code.pre, run(code.value)];
      }
      case 'BlockStatement':
        return [when(bool(true), block(node.body, scope))];
      case 'EmptyStatement':
        return [];
      case 'IfStatement': {
        const test = condition(node.test, scope);
        return [
          ...test.pre,
          when(test.value, inside(node.consequent, scope), node.alternate ? inside(node.alternate, scope) : []),
        ];
      }
      case 'ReturnStatement': {
        if (!node.argument) return [give(missing)];
        const code = expression(node.argument, scope);
        return [...code.pre, give(code.value)];
      }
      case 'ThrowStatement':
        return raise(node, scope);
      case 'WhileStatement':
        return whileLoop(node.test, inside(node.body, scope), [], scope);
      case 'DoWhileStatement': {
        const test = condition(node.test, scope);
        const first = fresh();
        if (test.pre.length > 0) refuse(node, 'do … while', 'Its condition is too complex; write while');
        return [
          declare(first, bool(true)),
          loop({ kind: 'or', left: variable(first), right: test.value }, [
            set(first, bool(false)),
            ...inside(node.body, scope),
          ]),
        ];
      }
      case 'ForStatement':
        return forLoop(node, scope);
      case 'ForOfStatement': {
        if (node.await) refuse(node, 'for await', 'A call that pauses does not translate');
        const source = expression(node.right, scope);
        const pattern = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : undefined;
        if (pattern === undefined || node.left.type !== 'VariableDeclaration' || node.left.kind === 'var') {
          refuse(node, 'for … of', 'Write for (const x of list)');
          return [];
        }
        const item = fresh();
        const inner = within(scope, patternNames(pattern));
        return [
          ...source.pre,
          ...each(
            item,
            call('js_iter', source.value),
            [...bindPattern(pattern, variable(item), inner, true), ...inside(node.body, inner)],
            fresh,
          ),
        ];
      }
      case 'BreakStatement':
      case 'ContinueStatement':
        if (node.label) refuse(node, 'label', 'Labels do not translate');
        return [{ kind: node.type === 'BreakStatement' ? 'break' : 'continue' }];
      case 'SwitchStatement':
        return choose(node, scope);
      default:
        refuse(node, WORDS[node.type] ?? node.type, WHY[node.type] ?? 'This kind of statement does not translate');
        return [];
    }
  };

  const declaration = (node: acorn.VariableDeclaration, scope: Scope): Stmt[] => {
    if (node.kind !== 'const' && node.kind !== 'let') refuse(node, node.kind, 'Write const or let');
    let inner = scope;
    return node.declarations.flatMap(({ id, init }) => {
      const isFunction =
        init &&
        (init.type === 'ArrowFunctionExpression' || init.type === 'FunctionExpression') &&
        id.type === 'Identifier';
      const code = init ? expression(init, isFunction ? within(inner, [id.name]) : inner) : { pre: [], value: missing };
      inner = within(inner, patternNames(id));
      return [...code.pre, ...bindPattern(id, code.value, inner, true)];
    });
  };

  const whileLoop = (
    condition_: acorn.Expression | null | undefined,
    body: readonly Stmt[],
    step: readonly Stmt[],
    scope: Scope,
  ): Stmt[] => {
    const test = condition_ ? condition(condition_, scope) : { pre: [], value: bool(true) };
    if (test.pre.length === 0) return [loop(test.value, body, step)];
    return [loop(bool(true), [...test.pre, when(not(test.value), [{ kind: 'break' }]), ...body], step)];
  };

  const forLoop = (node: acorn.ForStatement, scope: Scope): Stmt[] => {
    const { init } = node;
    const names = init?.type === 'VariableDeclaration' ? init.declarations.flatMap(({ id }) => patternNames(id)) : [];
    const inner = within(scope, names);
    const before = !init
      ? []
      : init.type === 'VariableDeclaration'
        ? declaration(init, scope)
        : [...expression(init, scope).pre];
    const step = node.update ? expression(node.update, inner) : { pre: [], value: nil };
    const captured = names.filter((name) => isCaptured(node.body, name));
    if (captured.length > 0)
      refuse(
        node,
        `for (let ${captured.join(', ')} …)`,
        'Functions in the loop keep its variable, of which each turn has a fresh one; copy it to a const',
      );
    const isSimple = step.pre.every(({ kind }) => kind === 'set' || kind === 'let' || kind === 'do');
    if (!isSimple) refuse(node, 'for', 'The step is too complex');
    // Only assignments stay: the value of a step is not wanted, and a declaration would be a variable of its own.
    const steps = step.pre.filter(({ kind }) => kind !== 'let' || step.pre.some((stmt) => stmt.kind === 'do'));
    if (step.pre.some(({ kind }) => kind === 'do')) refuse(node, 'for', 'The step may only change variables');
    return [when(bool(true), [...before, ...whileLoop(node.test, inside(node.body, inner), steps, inner)])];
  };

  const raise = (node: acorn.ThrowStatement, scope: Scope): Stmt[] => {
    const { argument } = node;
    const isError =
      argument.type === 'NewExpression' &&
      argument.callee.type === 'Identifier' &&
      /^(Type|Range|Syntax)?Error$/.test(argument.callee.name);
    const message = isError ? argument.arguments[0] : undefined;
    if (!isError) refuse(node, 'throw', 'Write throw new Error(text)');
    if (message === undefined || message.type === 'SpreadElement') return [fail(text('Error'))];
    const code = expression(message, scope);
    return [...code.pre, fail(call('js_text', code.value))];
  };

  /** A switch whose cases all leave it is a chain of choices. */
  const choose = (node: acorn.SwitchStatement, scope: Scope): Stmt[] => {
    const subject = expression(node.discriminant, scope);
    const kept = fresh();
    const { cases } = node;
    const chain = (index: number): Stmt[] => {
      const one = cases[index];
      if (one === undefined) return [];
      let until = index;
      while (cases[until]?.consequent.length === 0 && until < cases.length - 1) until++;
      const group = cases.slice(index, until + 1);
      const body = cases[until]?.consequent ?? [];
      const last =
        body.at(-1)?.type === 'BlockStatement' ? (body.at(-1) as acorn.BlockStatement).body.at(-1) : body.at(-1);
      const isLast = until === cases.length - 1;
      if (
        !isLast &&
        !['ReturnStatement', 'ThrowStatement', 'BreakStatement', 'ContinueStatement'].includes(last?.type ?? '')
      )
        refuse(one, 'case', 'A case that falls through to the next does not translate');
      const inner = withoutBreak(body);
      if (
        JSON.stringify(inner, (key, value: unknown) =>
          key === 'value' && typeof value === 'bigint' ? '' : value,
        ).includes('"BreakStatement"') &&
        !hasLoop(inner)
      )
        refuse(one, 'break', 'A break inside a case translates at its end only');
      if (group.some(({ test }) => !test)) {
        if (!isLast) refuse(one, 'default', 'It has to be the last case');
        return block(inner, scope);
      }
      const tests = group.map(({ test }) => {
        const code = expression(test as acorn.Expression, scope);
        if (code.pre.length > 0) refuse(one, 'case', 'A case has to be a simple expression');
        return call('js_strict', variable(kept), code.value);
      });
      return [
        when(
          tests.reduce((left, right): Expr => ({ kind: 'or', left, right })),
          block(inner, scope),
          chain(until + 1),
        ),
      ];
    };
    return [...subject.pre, declare(kept, subject.value), ...chain(0)];
  };

  return { functionBody, expression, block, bindPattern, refuse };
}

function withoutBreak(body: readonly acorn.Statement[]): readonly acorn.Statement[] {
  const last = body.at(-1);
  if (last?.type === 'BreakStatement') return body.slice(0, -1);
  if (last?.type === 'BlockStatement') return [...body.slice(0, -1), { ...last, body: [...withoutBreak(last.body)] }];
  return body;
}

function hasLoop(body: readonly acorn.Statement[]): boolean {
  return /"(For|While|DoWhile|ForOf)Statement"/.test(
    JSON.stringify(body, (_, value: unknown) => (typeof value === 'bigint' ? '' : value)),
  );
}

export function patternNames(pattern: acorn.Pattern): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name];
    case 'AssignmentPattern':
      return patternNames(pattern.left);
    case 'RestElement':
      return patternNames(pattern.argument);
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element === null ? [] : patternNames(element)));
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        patternNames(property.type === 'RestElement' ? property.argument : property.value),
      );
    default:
      return [];
  }
}

function declaredNames(node: acorn.Statement): string[] {
  if (node.type === 'VariableDeclaration') return node.declarations.flatMap(({ id }) => patternNames(id));
  return node.type === 'FunctionDeclaration' ? [node.id.name] : [];
}

/** Whether a function in a body names a variable of the loop around it. */
function isCaptured(body: acorn.Node, name: string): boolean {
  let found = false;
  const look = (node: unknown, inFunction: boolean): void => {
    if (Array.isArray(node)) for (const item of node) look(item, inFunction);
    else if (typeof node === 'object' && node !== null && 'type' in node) {
      const { type } = node as { readonly type: string };
      if (inFunction && type === 'Identifier' && (node as unknown as { name: string }).name === name) found = true;
      const deeper = inFunction || /Function/.test(type);
      for (const part of Object.values(node)) if (typeof part === 'object') look(part, deeper);
    }
  };
  look(body, false);
  return found;
}

const WORDS: { readonly [type: string]: string } = {
  TryStatement: 'try',
  ClassDeclaration: 'class',
  ForInStatement: 'for … in',
  LabeledStatement: 'label',
};
const WHY: { readonly [type: string]: string } = {
  TryStatement: 'Which errors there are differs between languages; test before instead',
  ClassDeclaration: 'Classes do not translate',
  ForInStatement: 'Write for (const key of Object.keys(object))',
};
