// Walking and rebuilding the intermediate form.
import type { Expr, Stmt } from './types.ts';

/** Calls `see` with every expression, outer ones first, those inside lambdas too. */
export function eachExpr(body: readonly Stmt[], see: (expr: Expr) => void): void {
  for (const stmt of body) {
    for (const expr of exprsOf(stmt)) visit(expr, see);
    for (const block of blocksOf(stmt)) eachExpr(block, see);
  }
}

/** The same for one expression. */
export function visit(expr: Expr, see: (expr: Expr) => void): void {
  see(expr);
  for (const part of partsOf(expr)) visit(part, see);
  if (expr.kind === 'lambda') eachExpr(expr.body, see);
}

/** The expressions directly in an expression, without bodies of lambdas. */
export function partsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'list':
      return expr.items;
    case 'dict':
      return expr.entries.flat();
    case 'prim':
    case 'call':
      return expr.args;
    case 'apply':
      return [expr.fn, ...expr.args];
    case 'and':
    case 'or':
      return [expr.left, expr.right];
    case 'not':
      return [expr.value];
    case 'choose':
      return [expr.test, expr.yes, expr.no];
    default:
      return [];
  }
}

/** The expressions directly in a statement. */
export function exprsOf(stmt: Stmt): readonly Expr[] {
  switch (stmt.kind) {
    case 'let':
    case 'set':
    case 'do':
    case 'return':
    case 'fail':
      return [stmt.value];
    case 'if':
    case 'while':
      return [stmt.test];
    default:
      return [];
  }
}

/** The blocks directly in a statement. */
export function blocksOf(stmt: Stmt): readonly (readonly Stmt[])[] {
  if (stmt.kind === 'if') return [stmt.yes, stmt.no];
  if (stmt.kind === 'while') return [stmt.body, stmt.step];
  return [];
}

/** An expression with each of its parts, and the bodies of lambdas, put through a function. */
export function mapParts(
  expr: Expr,
  part: (expr: Expr) => Expr,
  body: (params: readonly string[], stmts: readonly Stmt[]) => Expr,
): Expr {
  switch (expr.kind) {
    case 'list':
      return { ...expr, items: expr.items.map(part) };
    case 'dict':
      return { ...expr, entries: expr.entries.map(([key, value]): [Expr, Expr] => [part(key), part(value)]) };
    case 'prim':
    case 'call':
      return { ...expr, args: expr.args.map(part) };
    case 'apply':
      return { ...expr, fn: part(expr.fn), args: expr.args.map(part) };
    case 'and':
    case 'or':
      return { ...expr, left: part(expr.left), right: part(expr.right) };
    case 'not':
      return { ...expr, value: part(expr.value) };
    case 'choose':
      return { ...expr, test: part(expr.test), yes: part(expr.yes), no: part(expr.no) };
    case 'lambda':
      return body(expr.params, expr.body);
    default:
      return expr;
  }
}
