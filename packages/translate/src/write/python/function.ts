// One function of the intermediate form as Python: statements, and lambdas that need a `def` of their own before them.
import type { Expr, Func, Stmt } from '../../ir/types.ts';
import { blocksOf, eachExpr, exprsOf, visit } from '../../ir/walk.ts';
import { TargetRefusal } from '../target-refusal.ts';
import { pythonFloat, pythonText } from './text.ts';

/** Writes a primitive from its written arguments. */
export type PythonExpr = (name: string, args: readonly string[]) => string;

export function writePythonFunction(func: Func, globals: ReadonlySet<string>, prim: PythonExpr): string {
  let count = 0;
  /** Variables of loops around the present place: a closure has to keep the value that its turn gave. */
  let turning: ReadonlySet<string> = new Set();

  const define = (
    name: string,
    params: readonly string[],
    body: readonly Stmt[],
    indent: string,
    keep: string,
  ): string => {
    const inner = `${indent}    `;
    const own = declaredIn(body, params);
    const changed = [...assignedIn(body)].filter((assigned) => !own.has(assigned));
    const outer = changed.filter((assigned) => !globals.has(assigned));
    const global = changed.filter((assigned) => globals.has(assigned));
    const heads = [
      ...(outer.length > 0 ? [`${inner}nonlocal ${outer.join(', ')}\n`] : []),
      ...(global.length > 0 ? [`${inner}global ${global.join(', ')}\n`] : []),
    ];
    const before = turning;
    turning = new Set();
    const text = block(body, inner);
    turning = before;
    return `${indent}def ${name}(${[...params, ...(keep === '' ? [] : [`*, ${keep}`])].join(', ')}):\n${heads.join('')}${text}`;
  };

  const block = (body: readonly Stmt[], indent: string): string =>
    body.length === 0 ? `${indent}pass\n` : body.map((stmt) => statement(stmt, indent)).join('');

  const statement = (stmt: Stmt, indent: string): string => {
    const defs: string[] = [];
    const inner = `${indent}    `;
    const write = (expr: Expr): string => expression(expr, defs, indent);
    switch (stmt.kind) {
      case 'let':
      case 'set': {
        if (stmt.value.kind === 'lambda')
          return define(stmt.name, stmt.value.params, stmt.value.body, indent, kept(stmt.value, stmt.name));
        const value = write(stmt.value);
        return `${defs.join('')}${indent}${stmt.name} = ${value}\n`;
      }
      case 'do': {
        const value = write(stmt.value);
        return `${defs.join('')}${indent}${value}\n`;
      }
      case 'return': {
        const value = write(stmt.value);
        return `${defs.join('')}${indent}return ${value}\n`;
      }
      case 'fail': {
        const value = write(stmt.value);
        return `${defs.join('')}${indent}_fail(${value})\n`;
      }
      case 'if': {
        const test = write(stmt.test);
        const no = stmt.no.length === 0 ? '' : `${indent}else:\n${block(stmt.no, inner)}`;
        return `${defs.join('')}${indent}if ${test}:\n${block(stmt.yes, inner)}${no}`;
      }
      case 'while':
        return writeLoop(stmt, indent);
      default:
        return `${indent}${stmt.kind}\n`;
    }
  };

  const writeLoop = (stmt: Stmt & { readonly kind: 'while' }, indent: string): string => {
    const inner = `${indent}    `;
    const before = turning;
    turning = new Set([...before, ...declaredIn(stmt.body, [])]);
    const defs: string[] = [];
    const test = expression(stmt.test, defs, inner);
    const step = stmt.step.map((part) => statement(part, inner)).join('');
    const body = withStep(stmt.body, stmt.step)
      .map((part) => statement(part, inner))
      .join('');
    turning = before;
    if (defs.length === 0) return `${indent}while ${test}:\n${body + step || `${inner}pass\n`}`;
    return `${indent}while True:\n${defs.join('')}${inner}if not (${test}):\n${inner}    break\n${body}${step}`;
  };

  /** The variables of the loops around a lambda that it has to keep as they are now. */
  const kept = (lambda: Expr & { readonly kind: 'lambda' }, self: string): string => {
    const captured = [...freeNames(lambda)].filter((name) => turning.has(name));
    const changes = assignedIn(func.body, true);
    for (const name of captured) {
      if (name === self || changes.has(name)) {
        throw new TargetRefusal(
          'closure in a loop',
          `Python keeps the variable "${name}", not the value that it has in each turn`,
        );
      }
    }
    return captured.map((name) => `${name}=${name}`).join(', ');
  };

  const expression = (expr: Expr, defs: string[], indent: string): string => {
    const write = (part: Expr): string => expression(part, defs, indent);
    switch (expr.kind) {
      case 'null':
        return 'None';
      case 'undefined':
        return '_undefined';
      case 'bool':
        return expr.value ? 'True' : 'False';
      case 'int':
        return expr.value < 0n ? `(${expr.value})` : String(expr.value);
      case 'float':
        return expr.value < 0 || Object.is(expr.value, -0) ? `(${pythonFloat(expr.value)})` : pythonFloat(expr.value);
      case 'text':
        return pythonText(expr.value);
      case 'list':
        return `[${expr.items.map(write).join(', ')}]`;
      case 'dict':
        return `{${expr.entries.map(([key, value]) => `${write(key)}: ${write(value)}`).join(', ')}}`;
      case 'name':
      case 'function':
        return expr.name;
      case 'call':
        return `${expr.name}(${expr.args.map(write).join(', ')})`;
      case 'apply':
        return `${write(expr.fn)}(${expr.args.map(write).join(', ')})`;
      case 'lambda': {
        const keep = kept(expr, '');
        const [only] = expr.body;
        if (expr.body.length === 1 && only?.kind === 'return' && !holdsLambda(only.value)) {
          return `(lambda ${[...expr.params, ...(keep === '' ? [] : [`*, ${keep}`])].join(', ')}: ${write(only.value)})`;
        }
        const name = `_f${++count}`;
        defs.push(define(name, expr.params, expr.body, indent, keep));
        return name;
      }
      case 'and':
      case 'or':
        return `(${write(expr.left)} ${expr.kind} ${write(expr.right)})`;
      case 'not':
        return `(not ${write(expr.value)})`;
      case 'choose':
        return `(${write(expr.yes)} if ${write(expr.test)} else ${write(expr.no)})`;
      case 'prim':
        return prim(expr.name, expr.args.map(write));
    }
  };

  return define(func.name, func.params, func.body, '', '');
}

/** `continue` has to run the step of its loop: it is put before each of them. */
function withStep(body: readonly Stmt[], step: readonly Stmt[]): readonly Stmt[] {
  return body.flatMap((stmt): readonly Stmt[] => {
    if (stmt.kind === 'continue') return [...step, stmt];
    if (stmt.kind === 'if') return [{ ...stmt, yes: withStep(stmt.yes, step), no: withStep(stmt.no, step) }];
    return [stmt];
  });
}

function holdsLambda(expr: Expr): boolean {
  let found = false;
  visit(expr, (part) => {
    if (part.kind === 'lambda') found = true;
  });
  return found;
}

function declaredIn(body: readonly Stmt[], params: readonly string[]): Set<string> {
  const names = new Set(params);
  for (const stmt of body) {
    if (stmt.kind === 'let') names.add(stmt.name);
    for (const inner of blocksOf(stmt)) for (const name of declaredIn(inner, [])) names.add(name);
  }
  return names;
}

/** Names that are assigned after they were made; in lambdas too where `deep`. */
function assignedIn(body: readonly Stmt[], deep = false): Set<string> {
  const names = new Set<string>();
  for (const stmt of body) {
    if (stmt.kind === 'set') names.add(stmt.name);
    for (const inner of blocksOf(stmt)) for (const name of assignedIn(inner, deep)) names.add(name);
    if (deep)
      for (const expr of exprsOf(stmt))
        visit(expr, (part) => {
          if (part.kind === 'lambda') for (const name of assignedIn(part.body, true)) names.add(name);
        });
  }
  return names;
}

function freeNames(lambda: Expr & { readonly kind: 'lambda' }): Set<string> {
  const names = new Set<string>();
  eachExpr(lambda.body, (expr) => {
    if (expr.kind === 'name') names.add(expr.name);
  });
  for (const name of assignedIn(lambda.body, true)) names.add(name);
  return names;
}
