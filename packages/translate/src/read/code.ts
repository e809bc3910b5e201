// Expressions on the way from a source: statements that have to run first, and then a value.
import { choose, declare, name, nil, set, when } from '../ir/build.ts';
import type { Expr, Stmt } from '../ir/types.ts';

export type Code = { readonly pre: readonly Stmt[]; readonly value: Expr };

export const plain = (value: Expr): Code => ({ pre: [], value });

/** Temporary names; the writers spell them apart from a program's own. */
export function createNames(): () => string {
  let count = 0;
  return () => `t${++count}`;
}

/** The codes one after the other: what would be overtaken by a later one's statements is kept in a variable. */
export function inOrder(
  codes: readonly Code[],
  fresh: () => string,
): { readonly pre: Stmt[]; readonly values: Expr[] } {
  const last = codes.findLastIndex((code) => code.pre.length > 0);
  const pre: Stmt[] = [];
  const values = codes.map((code, index) => {
    pre.push(...code.pre);
    if (index >= last || isConstant(code.value)) return code.value;
    const kept = fresh();
    pre.push(declare(kept, code.value));
    return name(kept);
  });
  return { pre, values };
}

/** One expression of several codes. */
export function combine(codes: readonly Code[], fresh: () => string, make: (...values: Expr[]) => Expr): Code {
  const { pre, values } = inOrder(codes, fresh);
  return { pre, value: make(...values) };
}

/** `test ? yes : no`, where the test is a boolean. */
export function either(test: Code, yes: Code, no: Code, fresh: () => string): Code {
  if (yes.pre.length === 0 && no.pre.length === 0)
    return { pre: test.pre, value: choose(test.value, yes.value, no.value) };
  const result = fresh();
  return {
    pre: [
      ...test.pre,
      declare(result, nil),
      when(test.value, [...yes.pre, set(result, yes.value)], [...no.pre, set(result, no.value)]),
    ],
    value: name(result),
  };
}

/** The value in a variable, where it is more than a name or a constant. */
export function keep(code: Code, fresh: () => string): Code {
  if (isConstant(code.value) || code.value.kind === 'name') return code;
  const kept = fresh();
  return { pre: [...code.pre, declare(kept, code.value)], value: name(kept) };
}

export const isConstant = (value: Expr): boolean =>
  ['null', 'undefined', 'bool', 'int', 'float', 'text', 'function'].includes(value.kind);

/** Whether an expression certainly gives a boolean. */
export function isBoolean(value: Expr): boolean {
  switch (value.kind) {
    case 'bool':
    case 'not':
      return true;
    case 'and':
    case 'or':
      return isBoolean(value.left) && isBoolean(value.right);
    case 'choose':
      return isBoolean(value.yes) && isBoolean(value.no);
    case 'prim':
      return BOOLEAN.has(value.name);
    case 'call':
      return BOOLEAN_CALLS.has(value.name);
    default:
      return false;
  }
}

const BOOLEAN = new Set(
  'isNull isUndef isBool isInt isFloat isText isList isDict isFunc same lt le flt fle feq finite contains startsWith endsWith dhas isNegative'.split(
    ' ',
  ),
);
const BOOLEAN_CALLS = new Set(
  (
    'lispy_true lispy_lt lispy_gt lispy_le lispy_ge lispy_equal lispy_same lispy_is_even lispy_is_null lispy_is_pair lispy_is_empty ' +
    'lispy_is_number lispy_contains_text lispy_starts lispy_ends lispy_string_eq lispy_string_lt lispy_is_letter lispy_is_digit ' +
    'lispy_is_blank lispy_has_key lispy_contains lispy_member lispy_every ' +
    'py_true py_eq py_ne py_lt py_le py_gt py_ge py_in_ py_not_in py_is js_true js_strict js_lt js_le js_gt js_ge lua_true lua_eq lua_lt lua_le'
  ).split(' '),
);
