// What calls mean in Python: builtins, methods, math and json. A row says which arguments there may be.
import { bool, call, int, list, missing, nil, text } from '../../ir/build.ts';
import type { Expr } from '../../ir/types.ts';

/** Positional parameters with the value of those that are left out; undefined: it has to be given. */
export type Row = {
  readonly params: readonly (readonly [name: string, otherwise: Expr | undefined])[];
  readonly make: (...args: Expr[]) => Expr;
};

const row = (params: readonly (readonly [string, Expr | undefined])[], make: Row['make']): Row => ({ params, make });
const to =
  (name: string): Row['make'] =>
  (...args) =>
    call(name, ...args);
const one = (name: string): Row => row([['', undefined]], to(name));
const two = (name: string): Row =>
  row(
    [
      ['', undefined],
      ['', undefined],
    ],
    to(name),
  );

/** Builtins whose arguments are plain values. */
export const BUILTINS: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['len', one('py_len')],
  ['abs', one('py_abs')],
  ['str', row([['', text('')]], to('py_str'))],
  ['repr', one('py_repr')],
  ['int', row([['', int(0)]], to('py_int'))],
  ['float', row([['', { kind: 'float', value: 0 }]], to('py_float'))],
  ['bool', row([['', bool(false)]], to('py_true'))],
  ['list', row([['', list()]], to('py_list'))],
  ['tuple', row([['', list()]], (items = nil) => call('py_tuple', call('py_list', items)))],
  [
    'round',
    row(
      [
        ['number', undefined],
        ['ndigits', nil],
      ],
      (x = nil, digits = nil) => (digits.kind === 'null' ? call('py_round', x) : call('py_round_to', x, digits)),
    ),
  ],
  ['any', one('py_any')],
  ['all', one('py_all')],
  [
    'sorted',
    row(
      [
        ['', undefined],
        ['key', nil],
        ['reverse', bool(false)],
      ],
      to('py_sorted'),
    ),
  ],
  ['divmod', two('py_divmod')],
  ['pow', two('py_pow')],
]);

/** Builtins that give something to walk through once: only where it is walked through at once. */
export const ITERATORS: ReadonlyMap<string, Row> = new Map<string, Row>([
  [
    'enumerate',
    row(
      [
        ['', undefined],
        ['start', int(0)],
      ],
      to('py_enumerate'),
    ),
  ],
  ['reversed', one('py_reversed')],
  ['map', two('py_map')],
  ['filter', two('py_filter')],
]);

/** Calls that walk through their first argument to its end. */
export const CONSUMERS: ReadonlySet<string> = new Set([
  'list',
  'tuple',
  'sorted',
  'sum',
  'min',
  'max',
  'dict',
  'set',
  'any',
  'all',
  'len',
  'enumerate',
  'zip',
  'reversed',
]);

/** Methods by name and number of arguments is checked against these. */
export const METHODS: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['lower', row([], to('py_lower'))],
  ['upper', row([], to('py_upper'))],
  ['capitalize', row([], to('py_capitalize'))],
  ['title', row([], to('py_title'))],
  ['isdigit', row([], to('py_isdigit'))],
  ['isalpha', row([], to('py_isalpha'))],
  ['isalnum', row([], to('py_isalnum'))],
  ['isspace', row([], to('py_isspace'))],
  ['isupper', row([], to('py_isupper'))],
  ['islower', row([], to('py_islower'))],
  ['strip', row([['', nil]], (s = nil, chars = nil) => call('py_strip', s, chars, bool(true), bool(true)))],
  ['lstrip', row([['', nil]], (s = nil, chars = nil) => call('py_strip', s, chars, bool(true), bool(false)))],
  ['rstrip', row([['', nil]], (s = nil, chars = nil) => call('py_strip', s, chars, bool(false), bool(true)))],
  [
    'split',
    row(
      [
        ['sep', nil],
        ['maxsplit', nil],
      ],
      to('py_split'),
    ),
  ],
  ['join', one('py_join')],
  ['replace', two('py_replace')],
  ['startswith', row([['', undefined]], (s = nil, part = nil) => call('py_affix', s, part, bool(true)))],
  ['endswith', row([['', undefined]], (s = nil, part = nil) => call('py_affix', s, part, bool(false)))],
  ['find', one('py_find')],
  ['rfind', one('py_rfind')],
  [
    'ljust',
    row(
      [
        ['', undefined],
        ['', text(' ')],
      ],
      (s = nil, width = nil, fill = nil) => call('py_pad', s, width, fill, text('l')),
    ),
  ],
  [
    'rjust',
    row(
      [
        ['', undefined],
        ['', text(' ')],
      ],
      (s = nil, width = nil, fill = nil) => call('py_pad', s, width, fill, text('r')),
    ),
  ],
  [
    'center',
    row(
      [
        ['', undefined],
        ['', text(' ')],
      ],
      (s = nil, width = nil, fill = nil) => call('py_pad', s, width, fill, text('c')),
    ),
  ],
  ['zfill', one('py_zfill')],
  ['splitlines', row([], to('py_splitlines'))],
  ['removeprefix', one('py_removeprefix')],
  ['removesuffix', one('py_removesuffix')],
  ['partition', one('py_partition')],
  ['count', one('py_count')],
  ['index', one('py_index_of')],
  ['append', one('py_append')],
  ['extend', one('py_extend')],
  ['insert', two('py_insert')],
  [
    'pop',
    row(
      [
        ['', missing],
        ['', missing],
      ],
      to('py_pop'),
    ),
  ],
  ['remove', one('py_remove')],
  [
    'sort',
    row(
      [
        ['key', nil],
        ['reverse', bool(false)],
      ],
      to('py_sort'),
    ),
  ],
  ['reverse', row([], to('py_reverse'))],
  ['copy', row([], to('py_copy'))],
  ['clear', row([], to('py_clear'))],
  [
    'get',
    row(
      [
        ['', undefined],
        ['', nil],
      ],
      to('py_dict_get'),
    ),
  ],
  [
    'setdefault',
    row(
      [
        ['', undefined],
        ['', nil],
      ],
      to('py_setdefault'),
    ),
  ],
  ['update', one('py_update')],
]);

/** Methods that give a view: only where it is walked through at once. */
export const VIEWS: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['keys', row([], to('py_keys'))],
  ['values', row([], to('py_values'))],
  ['items', row([], to('py_items'))],
]);

/** Functions of `math` whose results are the same everywhere. */
export const MATH: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['floor', one('py_math_floor')],
  ['ceil', one('py_math_ceil')],
  ['trunc', one('py_math_trunc')],
  ['sqrt', one('py_math_sqrt')],
  ['fabs', one('py_math_fabs')],
  ['gcd', two('py_math_gcd')],
]);

export const MATH_CONSTANTS: ReadonlyMap<string, number> = new Map([
  ['pi', Math.PI],
  ['e', Math.E],
  ['tau', Math.PI * 2],
]);

export const BINARY: { readonly [operator: string]: string } = {
  Add: 'py_add',
  Sub: 'py_sub',
  Mult: 'py_mul',
  Div: 'py_div',
  FloorDiv: 'py_floordiv',
  Mod: 'py_mod',
  Pow: 'py_pow',
  BitOr: 'py_or',
};

export const COMPARE: { readonly [operator: string]: string } = {
  Eq: 'py_eq',
  NotEq: 'py_ne',
  Lt: 'py_lt',
  LtE: 'py_le',
  Gt: 'py_gt',
  GtE: 'py_ge',
};
