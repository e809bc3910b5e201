// Gives every variable of a function a name of its own, lambdas inside included: targets whose scopes differ then agree.
import type { Expr, Func, Stmt } from './types.ts';
import { mapParts } from './walk.ts';

type Scope = { readonly names: Map<string, string>; readonly outer: Scope | undefined };

/**
 * `taken` are names that may not be used, of functions and globals; `spell` makes a name that the target can write;
 * `outer` gives the new name of a global.
 */
export function uniqueNames(
  func: Func,
  taken: ReadonlySet<string>,
  spell: (name: string) => string,
  outer: (name: string) => string | undefined,
): Func {
  const used = new Set<string>();
  const fresh = (wanted: string): string => {
    const base = spell(wanted);
    let name = base;
    for (let count = 2; used.has(name) || taken.has(name); count++) name = `${base}_${count}`;
    used.add(name);
    return name;
  };

  const block = (stmts: readonly Stmt[], scope: Scope): Stmt[] => {
    const inner: Scope = { names: new Map(), outer: scope };
    return stmts.map((stmt) => statement(stmt, inner));
  };
  const expr = (value: Expr, scope: Scope): Expr => {
    if (value.kind === 'name')
      return { kind: 'name', name: find(value.name, scope) ?? outer(value.name) ?? value.name };
    return mapParts(
      value,
      (part) => expr(part, scope),
      (params, body) => {
        const inner: Scope = { names: new Map(), outer: scope };
        const renamed = params.map((param) => bind(param, inner));
        return { kind: 'lambda', params: renamed, body: block(body, inner) };
      },
    );
  };
  const bind = (name: string, scope: Scope): string => {
    const made = fresh(name);
    scope.names.set(name, made);
    return made;
  };
  const statement = (stmt: Stmt, scope: Scope): Stmt => {
    switch (stmt.kind) {
      case 'let': {
        // A function may call itself: its name is known to its own body.
        if (stmt.value.kind === 'lambda') {
          const name = bind(stmt.name, scope);
          return { kind: 'let', name, value: expr(stmt.value, scope) };
        }
        const value = expr(stmt.value, scope);
        return { kind: 'let', name: bind(stmt.name, scope), value };
      }
      case 'set':
        return {
          kind: 'set',
          name: find(stmt.name, scope) ?? outer(stmt.name) ?? stmt.name,
          value: expr(stmt.value, scope),
        };
      case 'do':
      case 'return':
      case 'fail':
        return { ...stmt, value: expr(stmt.value, scope) };
      case 'if':
        return { ...stmt, test: expr(stmt.test, scope), yes: block(stmt.yes, scope), no: block(stmt.no, scope) };
      case 'while': {
        const body: Scope = { names: new Map(), outer: scope };
        return {
          kind: 'while',
          test: expr(stmt.test, scope),
          body: stmt.body.map((inside) => statement(inside, body)),
          step: stmt.step.map((inside) => statement(inside, body)),
        };
      }
      default:
        return stmt;
    }
  };

  const top: Scope = { names: new Map(), outer: undefined };
  const params = func.params.map((param) => bind(param, top));
  return { name: func.name, params, body: block(func.body, top) };
}

function find(name: string, scope: Scope): string | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const known = at.names.get(name);
    if (known !== undefined) return known;
  }
  return undefined;
}
