// Short names for making the intermediate form.
import type { Expr, Stmt } from './types.ts';

export const nil: Expr = { kind: 'null' };
export const missing: Expr = { kind: 'undefined' };
export const bool = (value: boolean): Expr => ({ kind: 'bool', value });
export const int = (value: bigint | number): Expr => ({ kind: 'int', value: BigInt(value) });
export const float = (value: number): Expr => ({ kind: 'float', value });
export const text = (value: string): Expr => ({ kind: 'text', value });
export const list = (...items: Expr[]): Expr => ({ kind: 'list', items });
export const name = (called: string): Expr => ({ kind: 'name', name: called });
export const prim = (called: string, ...args: Expr[]): Expr => ({ kind: 'prim', name: called, args });
export const call = (called: string, ...args: Expr[]): Expr => ({ kind: 'call', name: called, args });
export const apply = (fn: Expr, ...args: Expr[]): Expr => ({ kind: 'apply', fn, args });
export const lambda = (params: readonly string[], body: readonly Stmt[]): Expr => ({ kind: 'lambda', params, body });
export const not = (value: Expr): Expr => ({ kind: 'not', value });
export const choose = (test: Expr, yes: Expr, no: Expr): Expr => ({ kind: 'choose', test, yes, no });

export const declare = (called: string, value: Expr): Stmt => ({ kind: 'let', name: called, value });
export const set = (called: string, value: Expr): Stmt => ({ kind: 'set', name: called, value });
export const run = (value: Expr): Stmt => ({ kind: 'do', value });
export const give = (value: Expr): Stmt => ({ kind: 'return', value });
export const fail = (value: Expr): Stmt => ({ kind: 'fail', value });
export const when = (test: Expr, yes: readonly Stmt[], no: readonly Stmt[] = []): Stmt => ({
  kind: 'if',
  test,
  yes,
  no,
});
export const loop = (test: Expr, body: readonly Stmt[], step: readonly Stmt[] = []): Stmt => ({
  kind: 'while',
  test,
  body,
  step,
});

/**
 * A loop over a list that is looked at again each turn, as `for` does it in Python and JavaScript. `names` gives fresh
 * variables.
 */
export function each(item: string, items: Expr, body: readonly Stmt[], names: () => string): readonly Stmt[] {
  const [values, at] = [names(), names()];
  return [
    declare(values, items),
    declare(at, int(0)),
    loop(
      prim('lt', name(at), prim('len', name(values))),
      [declare(item, prim('get', name(values), name(at))), ...body],
      [set(at, prim('add', name(at), int(1)))],
    ),
  ];
}

/** A JSON value as an expression; whole numbers are integers unless `floats`. */
export function literal(value: unknown, floats = false): Expr {
  if (value === null || value === undefined) return nil;
  if (typeof value === 'boolean') return bool(value);
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return !floats && Number.isSafeInteger(value) ? int(value) : float(value);
  if (Array.isArray(value)) return list(...value.map((item) => literal(item, floats)));
  return {
    kind: 'dict',
    entries: Object.entries(value).map(([key, item]): [Expr, Expr] => [text(key), literal(item, floats)]),
  };
}
