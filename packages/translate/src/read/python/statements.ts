// Python's statements as the intermediate form.
import {
  call,
  declare,
  each,
  fail,
  give,
  int,
  lambda,
  loop,
  missing,
  nil,
  prim,
  run,
  set,
  text,
  name as variable,
  when,
} from '../../ir/build.ts';
import type { Expr, Stmt } from '../../ir/types.ts';
import { inOrder } from '../code.ts';
import type { PyNode } from './ast.ts';
import { BINARY } from './calls.ts';
import type { Reader } from './expressions.ts';
import type { Module } from './module.ts';
import { assignedNames, isNode, nodes, type Scope, walk } from './scope.ts';

export function createStatements(module: Module, reader: Reader, fresh: () => string) {
  const { expression, condition, iterable, bindTarget, targetNames, refuse } = reader;

  /** A function's body: its own names declared at its head, as Python has them. */
  const body = (params: readonly string[], stmts: readonly PyNode[], outer: Scope): Stmt[] => {
    const own = [...assignedNames(stmts)].filter((name) => !params.includes(name));
    const scope: Scope = {
      locals: new Set([...outer.locals, ...params, ...own]),
      bound: new Set([...[...outer.bound].filter((name) => !own.includes(name)), ...params]),
    };
    const made = block(withoutDoc(stmts), scope);
    return [...own.map((name) => declare(name, missing)), ...made];
  };

  const block = (stmts: readonly PyNode[], scope: Scope): Stmt[] => stmts.flatMap((stmt) => statement(stmt, scope));

  /** A block that may not run, or not to its end: what it binds is not sure afterwards. */
  const branch = (stmts: readonly PyNode[], scope: Scope): { readonly made: Stmt[]; readonly bound: Set<string> } => {
    const inner: Scope = { locals: scope.locals, bound: new Set(scope.bound) };
    return { made: block(stmts, inner), bound: inner.bound };
  };

  const statement = (node: PyNode, scope: Scope): Stmt[] => {
    switch (node.type) {
      case 'Pass':
        return [];
      case 'Break':
      case 'Continue':
        return [{ kind: node.type === 'Break' ? 'break' : 'continue' }];
      case 'Expr': {
        const value = node.value as PyNode;
        if (value.type === 'Constant') return [];
        const code = expression(value, scope);
        return [...code.pre, run(code.value)];
      }
      case 'Return': {
        if (!isNode(node.value)) return [give(nil)];
        const code = expression(node.value, scope);
        return [...code.pre, give(code.value)];
      }
      case 'Assign': {
        const targets = nodes(node.targets);
        const code = expression(node.value as PyNode, scope);
        if (targets.length === 1) return [...code.pre, ...assign(targets[0] as PyNode, code.value, scope)];
        const kept = fresh();
        return [
          ...code.pre,
          declare(kept, code.value),
          ...targets.flatMap((target) => assign(target, variable(kept), scope)),
        ];
      }
      case 'AnnAssign': {
        if (!isNode(node.value)) return [];
        const code = expression(node.value, scope);
        return [...code.pre, ...assign(node.target as PyNode, code.value, scope)];
      }
      case 'AugAssign':
        return augmented(node, scope);
      case 'If': {
        const test = condition(node.test as PyNode, scope);
        const [yes, no] = [branch(nodes(node.body), scope), branch(nodes(node.orelse), scope)];
        const sure = leaves(nodes(node.body))
          ? no.bound
          : leaves(nodes(node.orelse))
            ? yes.bound
            : new Set([...yes.bound].filter((name) => no.bound.has(name)));
        for (const name of sure) scope.bound.add(name);
        return [...test.pre, when(test.value, yes.made, no.made)];
      }
      case 'While': {
        if (nodes(node.orelse).length > 0) refuse(node, 'while … else', 'A loop with an else does not translate');
        const test = condition(node.test as PyNode, scope);
        const inner = branch(nodes(node.body), scope).made;
        if (test.pre.length === 0) return [loop(test.value, inner)];
        return [
          loop({ kind: 'bool', value: true }, [
            ...test.pre,
            when({ kind: 'not', value: test.value }, [{ kind: 'break' }]),
            ...inner,
          ]),
        ];
      }
      case 'For':
        return forLoop(node, scope);
      case 'Raise':
        return raise(node, scope);
      case 'Assert': {
        const test = condition(node.test as PyNode, scope);
        return [...test.pre, when({ kind: 'not', value: test.value }, [fail(text('AssertionError'))])];
      }
      case 'Delete':
        return nodes(node.targets).flatMap((target) => {
          if (target.type !== 'Subscript' || (target.slice as PyNode).type === 'Slice') {
            refuse(target, 'del', 'Only an item of a list or a dictionary can be deleted');
            return [];
          }
          checkChange(target.value as PyNode, scope);
          const { pre, values } = inOrder(
            [expression(target.value as PyNode, scope), expression(target.slice as PyNode, scope)],
            fresh,
          );
          return [...pre, run(call('py_del', values[0] ?? nil, values[1] ?? nil))];
        });
      case 'FunctionDef': {
        if (nodes(node.decorator_list).length > 0) refuse(node, '@', 'Decorators do not translate');
        const name = String(node.name);
        const params = reader.parametersOf(node);
        if (isGenerator(node)) refuse(node, 'yield', 'A call that pauses does not translate');
        const inner: Scope = { locals: scope.locals, bound: new Set([...scope.bound, name]) };
        const made = set(name, lambda(params, body(params, nodes(node.body), inner)));
        scope.bound.add(name);
        return [made];
      }
      default:
        // What stands inside may not translate either: a person sees all of it at once.
        for (const part of [node.body, node.orelse, node.finalbody])
          block(node.type === 'ClassDef' ? [] : nodes(part), scope);
        for (const handler of nodes(node.handlers)) block(nodes(handler.body), scope);
        refuse(node, KEYWORD[node.type] ?? node.type, WHY[node.type] ?? 'This kind of statement does not translate');
        return [];
    }
  };

  const assign = (target: PyNode, value: Expr, scope: Scope): readonly Stmt[] => {
    if (target.type === 'Subscript') {
      if ((target.slice as PyNode).type === 'Slice') {
        refuse(target, '[:] =', 'An assignment to a slice does not translate');
        return [];
      }
      checkChange(target.value as PyNode, scope);
      const { pre, values } = inOrder(
        [{ pre: [], value }, expression(target.value as PyNode, scope), expression(target.slice as PyNode, scope)],
        fresh,
      );
      return [...pre, run(call('py_set', values[1] ?? nil, values[2] ?? nil, values[0] ?? nil))];
    }
    if (target.type === 'Tuple' || target.type === 'List') {
      const parts = nodes(target.elts);
      if (parts.some(({ type }) => type === 'Starred')) {
        refuse(target, '*', 'A starred target does not translate');
        return [];
      }
      const items = fresh();
      return [
        declare(items, call('list_copy', call('py_unpack', value, int(parts.length)))),
        ...parts.flatMap((part, index) => assign(part, prim('get', variable(items), int(index)), scope)),
      ];
    }
    if (target.type !== 'Name') {
      refuse(
        target,
        target.type === 'Attribute' ? `.${String(target.attr)} =` : target.type,
        'Only variables and items can be assigned',
      );
      return [];
    }
    scope.bound.add(String(target.id));
    return bindTarget(target, value, false);
  };

  const augmented = (node: PyNode, scope: Scope): Stmt[] => {
    const operator = (node.op as PyNode).type;
    const semantics = operator === 'Add' ? 'py_iadd' : operator === 'BitOr' ? 'py_ior' : BINARY[operator];
    const target = node.target as PyNode;
    if (semantics === undefined) refuse(node, `${operator} =`, 'Operations on bits do not translate');
    const right = expression(node.value as PyNode, scope);
    if (target.type === 'Name') {
      const read = expression({ ...target, ctx: { type: 'Load' } }, scope);
      const { pre, values } = inOrder([read, right], fresh);
      scope.bound.add(String(target.id));
      return [...pre, set(String(target.id), call(semantics ?? 'py_add', values[0] ?? nil, values[1] ?? nil))];
    }
    if (target.type !== 'Subscript' || (target.slice as PyNode).type === 'Slice') {
      refuse(target, target.type, 'Only variables and items can be assigned');
      return [];
    }
    checkChange(target.value as PyNode, scope);
    const [owner, index] = [fresh(), fresh()];
    const { pre, values } = inOrder(
      [expression(target.value as PyNode, scope), expression(target.slice as PyNode, scope)],
      fresh,
    );
    const old = fresh();
    return [
      ...pre,
      declare(owner, values[0] ?? nil),
      declare(index, values[1] ?? nil),
      declare(old, call('py_get', variable(owner), variable(index))),
      ...right.pre,
      run(call('py_set', variable(owner), variable(index), call(semantics ?? 'py_add', variable(old), right.value))),
    ];
  };

  const forLoop = (node: PyNode, scope: Scope): Stmt[] => {
    if (nodes(node.orelse).length > 0) refuse(node, 'for … else', 'A loop with an else does not translate');
    const view = viewOwner(node.iter as PyNode);
    const owner = view === undefined ? undefined : fresh();
    const kept = fresh();
    const size = fresh();
    const source = iterable(node.iter as PyNode, scope, true);
    const watched = view === undefined ? undefined : reader.whole(view, scope);
    const target = node.target as PyNode;
    const inner: Scope = { locals: scope.locals, bound: new Set([...scope.bound, ...targetNames(target)]) };
    const item = fresh();
    const turns = block(nodes(node.body), inner);
    const isWatched = mayChange(nodes(node.body));
    const made = each(
      item,
      call('py_iter', variable(kept)),
      [...bindTarget(target, variable(item), false), ...turns],
      fresh,
    );
    const last = made.at(-1);
    if (!isWatched || last?.kind !== 'while') return [...source.pre, declare(kept, source.value), ...made];
    const dictionary = owner ?? kept;
    return [
      ...source.pre,
      declare(kept, source.value),
      ...(owner === undefined || watched === undefined ? [] : [declare(owner, watched.value)]),
      declare(size, call('py_size_of', variable(dictionary))),
      ...made.slice(0, -1),
      { ...last, step: [run(call('py_check_size', variable(dictionary), variable(size))), ...last.step] },
    ];
  };

  const raise = (node: PyNode, scope: Scope): Stmt[] => {
    const exception = node.exc;
    if (!isNode(exception)) {
      refuse(node, 'raise', 'There is no error to raise again');
      return [];
    }
    const message = exception.type === 'Call' ? nodes(exception.args)[0] : undefined;
    if (message === undefined) return [fail(text(String(exception.type === 'Name' ? exception.id : 'Error')))];
    const code = expression(message, scope);
    return [...code.pre, fail(call('py_str', code.value))];
  };

  /** A constant of the module must stay as it is: the next call would see the change. */
  const checkChange = (owner: PyNode, scope: Scope): void => {
    if (owner.type === 'Name' && !scope.locals.has(String(owner.id)) && module.globals.has(String(owner.id)))
      refuse(owner, `${String(owner.id)}[…] =`, 'A constant of the module that changes would outlive the call');
  };

  return { body };
}

function withoutDoc(stmts: readonly PyNode[]): readonly PyNode[] {
  const [first] = stmts;
  const isDoc = first?.type === 'Expr' && (first.value as PyNode).type === 'Constant';
  return isDoc ? stmts.slice(1) : stmts;
}

/** `d` of `d.items()`. */
function viewOwner(iter: PyNode): PyNode | undefined {
  const fn = iter.type === 'Call' && isNode(iter.func) ? iter.func : undefined;
  if (fn?.type !== 'Attribute' || !['items', 'keys', 'values'].includes(String(fn.attr))) return undefined;
  return isNode(fn.value) && fn.value.type === 'Name' ? fn.value : undefined;
}

function mayChange(stmts: readonly PyNode[]): boolean {
  let found = false;
  walk(stmts, (node) => {
    if (
      node.type === 'Call' ||
      node.type === 'Delete' ||
      node.type === 'AugAssign' ||
      (node.type === 'Subscript' && (node.ctx as PyNode).type !== 'Load')
    )
      found = true;
  });
  return found;
}

function isGenerator(node: PyNode): boolean {
  let found = false;
  walk(node.body, (part) => {
    if (part.type === 'Yield' || part.type === 'YieldFrom') found = true;
  });
  return found;
}

/** Whether a block never comes to its end. */
function leaves(stmts: readonly PyNode[]): boolean {
  const last = stmts.at(-1);
  if (last === undefined) return false;
  if (last.type === 'If') return leaves(nodes(last.body)) && leaves(nodes(last.orelse));
  return ['Return', 'Raise', 'Break', 'Continue'].includes(last.type);
}

const KEYWORD: { readonly [type: string]: string } = {
  Try: 'try',
  TryStar: 'try',
  With: 'with',
  Global: 'global',
  Nonlocal: 'nonlocal',
  ClassDef: 'class',
  AsyncFunctionDef: 'async def',
  AsyncFor: 'async for',
  AsyncWith: 'async with',
  Match: 'match',
  Import: 'import',
  ImportFrom: 'import',
};

const WHY: { readonly [type: string]: string } = {
  Try: 'Which errors there are differs between languages; test before instead',
  With: 'What has to be closed is input or output',
  Global: 'A variable that outlives the call',
  Nonlocal: 'A variable of an outer function that an inner one changes',
  ClassDef: 'Classes do not translate',
  Import: 'Only math and json translate, imported at the top',
  ImportFrom: 'Only math and json translate, imported at the top',
};
