// What a target cannot do although its syntax could say it.
import type { Expr, Program } from '../ir/types.ts';
import { eachExpr, visit } from '../ir/walk.ts';
import type { Language } from '../language.ts';
import type { Refusals } from '../verdict.ts';

const POWERS = new Set(['lispy_expt', 'js_pow', 'py_pow']);

/** Adds a verdict for each. */
export function checkTarget(program: Program, to: Language, refusals: Refusals): void {
  if (to !== 'lua') return;
  const see = (expr: Expr): void => {
    if (expr.kind !== 'call' || !POWERS.has(expr.name) || expr.args[0]?.kind === 'int') return;
    refusals.add(
      { line: 1, column: 1 },
      'power',
      "The power of a fraction is rounded by Lua's own C library, not by the one of V8 and CPython",
    );
  };
  for (const func of program.functions) eachExpr(func.body, see);
  eachExpr(program.body, see);
  for (const { value } of program.globals) visit(value, see);
}
