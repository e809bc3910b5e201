// What the functions of Lua's own library mean; arguments that are not given are nil.
import { bool, call, float, list, nil } from '../../ir/build.ts';
import type { Expr } from '../../ir/types.ts';

export type LuaFunction = { readonly least: number; readonly most: number; readonly make: (...args: Expr[]) => Expr };

const to = (name: string, least: number, most = least): LuaFunction => ({
  least,
  most,
  make: (...args) => call(name, ...args, ...Array.from({ length: most - args.length }, () => nil)),
});

export const FUNCTIONS: ReadonlyMap<string, LuaFunction> = new Map<string, LuaFunction>([
  ['tostring', to('lua_text', 1)],
  ['tonumber', to('lua_to_number', 1)],
  ['type', to('lua_type', 1)],
  ['error', to('lua_error', 1)],
  ['string.len', { least: 1, most: 1, make: (s = nil) => call('lua_len', call('lua_str', s)) }],
  ['string.sub', to('lua_sub_text', 2, 3)],
  ['string.upper', to('lua_upper', 1)],
  ['string.lower', to('lua_lower', 1)],
  ['string.rep', to('lua_rep', 2, 3)],
  ['string.reverse', to('lua_reverse', 1)],
  ['string.byte', to('lua_byte', 1, 2)],
  [
    'table.insert',
    {
      least: 2,
      most: 3,
      make: (t = nil, a = nil, b) => (b === undefined ? call('lua_insert', t, a) : call('lua_insert_at', t, a, b)),
    },
  ],
  ['table.remove', to('lua_remove', 1, 2)],
  ['table.concat', to('lua_table_concat', 1, 2)],
  ['table.sort', to('lua_sort', 1, 2)],
  ['json.array', { least: 0, most: 1, make: (t) => call('lua_array', t ?? call('lua_table', list())) }],
  ['math.floor', to('lua_floor', 1)],
  ['math.ceil', to('lua_ceil', 1)],
  ['math.abs', to('lua_abs', 1)],
  ['math.sqrt', to('lua_sqrt', 1)],
  ['math.max', { least: 1, most: 100, make: (...items) => call('lua_extreme', list(...items), bool(true)) }],
  ['math.min', { least: 1, most: 100, make: (...items) => call('lua_extreme', list(...items), bool(false)) }],
  ['math.tointeger', to('lua_to_integer', 1)],
  ['math.type', to('lua_math_type', 1)],
]);

export const CONSTANTS: ReadonlyMap<string, Expr> = new Map<string, Expr>([
  ['math.pi', float(Math.PI)],
  ['math.maxinteger', { kind: 'int', value: 9223372036854775807n }],
  ['math.mininteger', { kind: 'int', value: -9223372036854775808n }],
]);

export const BINARY: { readonly [operator: string]: string } = {
  '+': 'lua_add',
  '-': 'lua_sub',
  '*': 'lua_mul',
  '/': 'lua_div',
  '//': 'lua_floordiv',
  '%': 'lua_mod',
  '..': 'lua_concat',
  '==': 'lua_eq',
  '<': 'lua_lt',
  '<=': 'lua_le',
};
