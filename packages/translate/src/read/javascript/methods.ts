// What methods and functions of JavaScript's own objects mean.
import { bool, call, float, int, list, missing, nil, not, prim } from '../../ir/build.ts';
import type { Expr } from '../../ir/types.ts';

/** The receiver first, then as many arguments as are named; those that are not given are undefined. */
export type Method = { readonly most: number; readonly make: (...args: Expr[]) => Expr };

const method = (most: number, name: string, ...more: Expr[]): Method => ({
  most,
  make: (...args) => call(name, ...args, ...more),
});
/** All arguments in one list. */
const listed = (name: string): Method => ({
  most: 1000,
  make: (receiver = nil, ...args) => call(name, receiver, list(...args.filter(({ kind }) => kind !== 'undefined'))),
});

export const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['slice', method(2, 'js_slice')],
  ['substring', method(2, 'js_substring')],
  ['at', method(1, 'js_at')],
  ['charAt', method(1, 'js_char_at')],
  ['charCodeAt', method(1, 'js_char_code')],
  ['indexOf', method(1, 'js_index_of')],
  ['includes', method(1, 'js_includes')],
  ['startsWith', method(1, 'js_starts')],
  ['endsWith', method(1, 'js_ends')],
  ['toUpperCase', method(0, 'js_upper')],
  ['toLowerCase', method(0, 'js_lower')],
  ['trim', method(0, 'js_trim', bool(true), bool(true))],
  ['trimStart', method(0, 'js_trim', bool(true), bool(false))],
  ['trimEnd', method(0, 'js_trim', bool(false), bool(true))],
  ['split', method(1, 'js_split')],
  ['replace', method(2, 'js_replace')],
  ['replaceAll', method(2, 'js_replace_all')],
  ['padStart', method(2, 'js_pad', bool(true))],
  ['padEnd', method(2, 'js_pad', bool(false))],
  ['repeat', method(1, 'js_repeat')],
  ['concat', listed('js_concat')],
  ['join', method(1, 'js_join')],
  ['push', listed('js_push')],
  ['pop', method(0, 'js_pop')],
  ['shift', method(0, 'js_shift')],
  ['unshift', listed('js_unshift')],
  [
    'splice',
    {
      most: 1000,
      make: (receiver = nil, from = missing, count = missing, ...items) =>
        call('js_splice', receiver, from, count, list(...items)),
    },
  ],
  ['reverse', method(0, 'js_reverse')],
  ['map', method(1, 'js_map')],
  ['forEach', method(1, 'js_for_each')],
  ['filter', method(1, 'js_filter')],
  ['find', method(1, 'js_find')],
  ['findIndex', method(1, 'js_find_index')],
  ['some', method(1, 'js_some')],
  ['every', method(1, 'js_every')],
  [
    'reduce',
    {
      most: 2,
      make: (receiver = nil, fn = missing, start) =>
        call('js_reduce', receiver, fn, start ?? missing, bool(start !== undefined && start.kind !== 'undefined')),
    },
  ],
  ['flat', method(0, 'js_flat')],
  ['flatMap', method(1, 'js_flat_map')],
  ['sort', method(1, 'js_sort')],
  ['toSorted', method(1, 'js_to_sorted')],
  ['toFixed', method(1, 'js_to_fixed')],
  ['toString', method(0, 'js_to_string')],
]);

/** How many arguments a method has to be given; fewer mean something else. */
export const LEAST: ReadonlyMap<string, number> = new Map([
  ['splice', 2],
  ['reduce', 1],
  ['replace', 2],
  ['replaceAll', 2],
]);

const fn = (most: number, make: (...args: Expr[]) => Expr): Method => ({ most, make });
const to = (most: number, name: string, ...more: Expr[]): Method => fn(most, (...args) => call(name, ...args, ...more));

/** Functions by their whole name. */
export const FUNCTIONS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['String', to(1, 'js_text')],
  ['Number', to(1, 'js_num')],
  ['Boolean', to(1, 'js_true')],
  ['parseFloat', to(1, 'js_parse_float')],
  ['Number.parseFloat', to(1, 'js_parse_float')],
  ['parseInt', to(1, 'js_parse_int')],
  ['Number.parseInt', to(1, 'js_parse_int')],
  ['isNaN', fn(1, (x = missing) => call('js_is_nan', call('js_num', x)))],
  ['isFinite', fn(1, (x = missing) => call('js_is_finite', call('js_num', x)))],
  ['Number.isInteger', to(1, 'js_is_integer')],
  ['Number.isSafeInteger', to(1, 'js_is_safe')],
  ['Number.isFinite', to(1, 'js_is_finite')],
  ['Number.isNaN', to(1, 'js_is_nan')],
  ['Array.isArray', fn(1, (x = missing) => prim('isList', x))],
  ['Array.from', to(2, 'js_array_from')],
  ['Array.of', fn(1000, (...args) => list(...args))],
  ['Object.keys', to(1, 'js_own_keys')],
  ['Object.values', to(1, 'js_values')],
  ['Object.entries', to(1, 'js_entries')],
  ['Object.fromEntries', to(1, 'js_from_entries')],
  ['Object.hasOwn', to(2, 'js_has_own')],
  ['Object.freeze', fn(1, (x = missing) => x)],
  ['Math.round', to(1, 'js_math_round')],
  ['Math.floor', to(1, 'js_math_floor')],
  ['Math.ceil', to(1, 'js_math_ceil')],
  ['Math.trunc', to(1, 'js_math_trunc')],
  ['Math.abs', to(1, 'js_math_abs')],
  ['Math.sqrt', to(1, 'js_math_sqrt')],
  ['Math.sign', to(1, 'js_math_sign')],
  ['Math.log', to(1, 'js_math_log')],
  ['Math.log10', to(1, 'js_math_log10')],
  ['Math.pow', to(2, 'js_pow')],
  ['Math.max', fn(1000, (...args) => call('js_math_extreme', list(...args), bool(true)))],
  ['Math.min', fn(1000, (...args) => call('js_math_extreme', list(...args), bool(false)))],
]);

export const CONSTANTS: ReadonlyMap<string, Expr> = new Map<string, Expr>([
  ['Math.PI', float(Math.PI)],
  ['Math.E', float(Math.E)],
  ['Number.MAX_SAFE_INTEGER', float(Number.MAX_SAFE_INTEGER)],
  ['Number.MIN_SAFE_INTEGER', float(Number.MIN_SAFE_INTEGER)],
  ['Number.EPSILON', float(Number.EPSILON)],
]);

export const BINARY: { readonly [operator: string]: (a: Expr, b: Expr) => Expr } = {
  '+': (a, b) => call('js_add', a, b),
  '-': (a, b) => call('js_sub', a, b),
  '*': (a, b) => call('js_mul', a, b),
  '/': (a, b) => call('js_div', a, b),
  '%': (a, b) => call('js_mod', a, b),
  '**': (a, b) => call('js_pow', a, b),
  '===': (a, b) => call('js_strict', a, b),
  '!==': (a, b) => not(call('js_strict', a, b)),
  '<': (a, b) => call('js_lt', a, b),
  '<=': (a, b) => call('js_le', a, b),
  '>': (a, b) => call('js_gt', a, b),
  '>=': (a, b) => call('js_ge', a, b),
};

export const jsonCall = (value: Expr, indent: number): Expr => call('js_json', value, int(indent), int(0));
