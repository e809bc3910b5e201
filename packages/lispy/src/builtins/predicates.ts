/** Questions about values: their types, their equality, their truth. */
import type { Machine } from '../machine/machine.ts';
import { checkInteger, compareNumbers } from '../values/arithmetic.ts';
import { equalValues, identical } from '../values/equal.ts';
import { EMPTY, List, Pair } from '../values/list.ts';
import { LispyMap } from '../values/map.ts';
import { Procedure } from '../values/procedure.ts';
import { LispySymbol } from '../values/symbol.ts';
import { isInteger, isNumber, isString, typeName, type Value } from '../values/value.ts';
import { isList } from './arguments.ts';
import { family, fixed, type Row } from './define.ts';

const test = (
  names: string,
  parameters: string,
  doc: string,
  accept: (value: Value, machine: Machine) => boolean,
): Row => [names, parameters, doc, fixed((machine, value) => accept(value, machine))];

const isEmpty = (value: Value): boolean =>
  value === null ||
  value === EMPTY ||
  (isString(value) && value.length === 0) ||
  (value instanceof LispyMap && value.size === 0);

const parity = (value: Value, name: string): number => {
  if (typeof value === 'number' && Number.isInteger(value)) return value % 2 === 0 ? 0 : 1;
  const integer = checkInteger(value, name);
  return typeof integer === 'number' ? Math.abs(integer % 2) : Number(integer % 2n === 0n ? 0 : 1);
};

const rows: Row[] = [
  [
    'eq? identical?',
    'a b',
    'Whether two values are the same thing.',
    fixed((machine, a, b) => identical(a, b, machine)),
  ],
  ['eqv?', 'a b', 'The same as `eq?`.', fixed((machine, a, b) => identical(a, b, machine))],
  [
    'equal?',
    'a b',
    'Whether two values have the same structure; 2 and 2.0 differ.',
    fixed((machine, a, b) => equalValues(a, b, machine)),
  ],
  test('not', 'value', 'Whether a value is false or nil.', (value) => value === false || value === null),
  test(
    'null? nil? void?',
    'value',
    'Whether a value is nil or the empty list.',
    (value) => value === null || value === EMPTY,
  ),
  test('some?', 'value', 'Whether a value is not nil.', (value) => value !== null),
  test('true?', 'value', 'Whether a value is #t.', (value) => value === true),
  test('false?', 'value', 'Whether a value is #f.', (value) => value === false),
  test('empty?', 'value', 'Whether a collection or string has nothing in it; nil has nothing.', isEmpty),
  test(
    'pair? cons?',
    'value',
    'Whether a value has a car and a cdr.',
    (value) => value instanceof Pair || value instanceof List,
  ),
  test('list? seq? sequential? vector?', 'value', 'Whether a value is a list.', isList),
  test(
    'atom?',
    'value',
    'Whether a value has no parts.',
    (value) => !(value instanceof Pair || value instanceof List || value instanceof LispyMap),
  ),
  test('map? dict? hash-table? object?', 'value', 'Whether a value is a map.', (value) => value instanceof LispyMap),
  test('coll?', 'value', 'Whether a value is a list or a map.', (value) => isList(value) || value instanceof LispyMap),
  test('number?', 'value', 'Whether a value is a number.', isNumber),
  test('integer? int? exact-integer?', 'value', 'Whether a value is an exact integer.', isInteger),
  test('real? rational?', 'value', 'Whether a value is a number.', isNumber),
  test(
    'float? double? flonum?',
    'value',
    'Whether a value is a float.',
    (value) => isNumber(value) && !isInteger(value),
  ),
  test('exact?', 'number', 'Whether a number is exact.', isInteger),
  test('inexact?', 'number', 'Whether a number is a float.', (value) => isNumber(value) && !isInteger(value)),
  test('string? keyword?', 'value', 'Whether a value is a string; keywords are strings.', isString),
  test(
    'char?',
    'value',
    'Whether a value is a string of one character.',
    (value) => isString(value) && value.length === 1,
  ),
  test('symbol?', 'value', 'Whether a value is a symbol.', (value) => value instanceof LispySymbol),
  test('boolean? bool?', 'value', 'Whether a value is #t or #f.', (value) => typeof value === 'boolean'),
  test(
    'procedure? fn? function? ifn?',
    'value',
    'Whether a value is a procedure.',
    (value) => value instanceof Procedure,
  ),
  test('zero?', 'number', 'Whether a number is zero.', (value) => compareNumbers(value, 0, 'zero?') === 0),
  test(
    'positive? pos?',
    'number',
    'Whether a number is greater than zero.',
    (value) => compareNumbers(value, 0, 'positive?') > 0,
  ),
  test(
    'negative? neg?',
    'number',
    'Whether a number is less than zero.',
    (value) => compareNumbers(value, 0, 'negative?') < 0,
  ),
  test('even?', 'integer', 'Whether an integer is even.', (value) => parity(value, 'even?') === 0),
  test('odd?', 'integer', 'Whether an integer is odd.', (value) => parity(value, 'odd?') === 1),
  test('nan? infinite?', 'number', 'Always #f: results that are not finite are errors.', () => false),
  ['type-of type', 'value', "The name of a value's type as a string.", fixed((_machine, value) => typeName(value))],
  ['boolean bool', 'value', 'A value as #t or #f.', fixed((_machine, value) => value !== false && value !== null)],
];

export const predicateBuiltins = family('predicates', rows);
