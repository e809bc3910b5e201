/** Errors, randomness, names, bits: what belongs to no larger family. */
import { LispyError } from '../errors.ts';
import { Raised } from '../machine/error-value.ts';
import type { Machine } from '../machine/machine.ts';
import { displayValue } from '../print.ts';
import { rangeError } from '../type-error.ts';
import { bitLength, chargeDigits, checkInteger } from '../values/arithmetic.ts';
import { float, integer } from '../values/float.ts';
import { listOf } from '../values/list.ts';
import { LispyMap } from '../values/map.ts';
import { symbol } from '../values/symbol.ts';
import { isString, type Value } from '../values/value.ts';
import { chargeItems, integerArg, itemsArg, mapArg, newString } from './arguments.ts';
import { family, fixed, type Row, spread } from './define.ts';
import { raise } from './internals.ts';

/** `(error "what" irritant …)`. */
const error = (machine: Machine, args: Value[]): Value => {
  const text = args.map((arg) => displayValue(arg, machine)).join(' ');
  const entries = new Map<string, Value>([
    ['message', text],
    ['code', 'user'],
  ]);
  if (args.length > 1) entries.set('data', args.length === 2 ? args[1]! : listOf(args.slice(1)));
  throw new LispyError('user', text, { payload: new Raised(new LispyMap(entries)) });
};

const exInfo = (machine: Machine, message: Value, data: Value = null): Value => {
  machine.allocate(200);
  return new LispyMap(
    new Map<string, Value>([
      ['message', message],
      ['code', 'user'],
      ['data', data],
    ]),
  );
};

const field =
  (name: string, otherwise: (value: Value, machine: Machine) => Value) =>
  (machine: Machine, value: Value): Value =>
    value instanceof LispyMap ? (mapArg(machine, value, name).get(name) ?? null) : otherwise(value, machine);

/** `(random)` in [0, 1), `(random n)` below n, `(random a b)` from a to b. */
const random = (machine: Machine, a?: Value, b?: Value): Value => {
  const next = machine.environment.random.next();
  if (a === undefined) return float(next);
  if (b === undefined && typeof a === 'number' && !Number.isInteger(a)) return float(next * a);
  const low = b === undefined ? 0 : integerArg(a, 'random');
  const high = b === undefined ? integerArg(a, 'random', 1) - 1 : integerArg(b, 'random', low);
  return low + Math.floor(next * (high - low + 1));
};

const choice = (machine: Machine, list: Value): Value => {
  const items = itemsArg(machine, list, 'random-choice');
  return items[Math.floor(machine.environment.random.next() * items.length)] ?? null;
};

const shuffle = (machine: Machine, list: Value): Value => {
  const items = itemsArg(machine, list, 'shuffle').slice();
  chargeItems(machine, items.length);
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(machine.environment.random.next() * (at + 1));
    [items[at], items[other]] = [items[other]!, items[at]!];
  }
  return listOf(items);
};

const seed = (machine: Machine, value: Value): Value => {
  machine.environment.random.reseed(Number(BigInt.asUintN(32, BigInt(checkInteger(value, 'set-random-seed!')))));
  return null;
};

const gensym = (machine: Machine, prefix: Value = 'g'): Value => {
  machine.allocate(100);
  return symbol(
    `${isString(prefix) ? displayValue(prefix, machine).slice(0, 100) : 'g'}__${machine.environment.nextName()}`,
  );
};

const bitwise =
  (name: string, combine: (a: bigint, b: bigint) => bigint, none: bigint) =>
  (machine: Machine, args: Value[]): Value =>
    integer(
      args.reduce<bigint>((value, arg) => {
        const bits = BigInt(checkInteger(arg, name));
        chargeDigits(machine, bitLength(bits));
        return combine(value, bits);
      }, none),
    );

const shift = (machine: Machine, value: Value, by: Value): Value => {
  const bits = BigInt(checkInteger(value, 'arithmetic-shift'));
  const places = integerArg(by, 'arithmetic-shift', -1_000_000_000, 1_000_000_000);
  chargeDigits(machine, bitLength(bits) + Math.max(0, places));
  return integer(places >= 0 ? bits << BigInt(places) : bits >> BigInt(-places));
};

const missing = (name: string, why: string) =>
  spread(() => {
    throw rangeError(`"${name}" is not part of this language: ${why}`);
  });

const rows: Row[] = [
  ['error', 'message . irritant', 'Raises an error with a message.', spread(error)],
  [
    'raise throw raise-continuable',
    'value',
    'Raises any value, or a caught error again.',
    fixed((_machine, value) => raise(value)),
  ],
  ['ex-info', 'message [data]', 'An error value to raise.', fixed(exInfo)],
  [
    'error-message ex-message condition/report-string error-object-message',
    'error',
    'The message of a caught error.',
    fixed(field('message', (value, machine) => displayValue(value, machine))),
  ],
  ['error-code', 'error', 'The code of a caught error.', fixed(field('code', () => 'user'))],
  [
    'ex-data error-object-irritants error-irritants',
    'error',
    'The data of a caught error.',
    fixed(field('data', () => null)),
  ],
  [
    'error? error-object? condition?',
    'value',
    'Whether a value is an error that was caught.',
    fixed((_machine, value) => value instanceof LispyMap && value.has('message') && value.has('code')),
  ],
  ['void', '. value', 'Nil.', spread(() => null)],
  [
    'random rand random-int rand-int random-integer',
    '[limit-or-low] [high]',
    'A random number: in [0, 1), below a limit, or between two.',
    fixed(random),
  ],
  ['random-float', '', 'A random float in [0, 1).', fixed((machine) => random(machine))],
  ['random-choice rand-nth choice', 'list', 'A random item; nil of nothing.', fixed(choice)],
  ['random-shuffle shuffle', 'list', 'The items in random order.', fixed(shuffle)],
  ['set-random-seed! random-seed', 'seed', 'Starts the random numbers again.', fixed(seed)],
  ['gensym', '[prefix]', 'A symbol that is used nowhere else.', fixed(gensym)],
  [
    'bitwise-and bit-and logand',
    '. integer',
    'Bits that all have.',
    spread(bitwise('bitwise-and', (a, b) => a & b, -1n)),
  ],
  [
    'bitwise-or bitwise-ior bit-or logior',
    '. integer',
    'Bits that any has.',
    spread(bitwise('bitwise-or', (a, b) => a | b, 0n)),
  ],
  [
    'bitwise-xor bit-xor logxor',
    '. integer',
    'Bits that an odd number has.',
    spread(bitwise('bitwise-xor', (a, b) => a ^ b, 0n)),
  ],
  [
    'bitwise-not bit-not lognot',
    'integer',
    'All bits turned around.',
    fixed((_machine, value) => integer(~BigInt(checkInteger(value, 'bitwise-not')))),
  ],
  [
    'arithmetic-shift bit-shift-left ash shift-left',
    'integer places',
    'Bits moved to the left, or to the right for negative places.',
    fixed(shift),
  ],
  [
    'bit-shift-right shift-right',
    'integer places',
    'Bits moved to the right.',
    fixed((machine, value, by) => shift(machine, value, -integerArg(by, 'shift-right'))),
  ],
  [
    'eval load',
    '. argument',
    'Refused: programs cannot make programs at run time.',
    missing('eval', 'use a macro or a procedure'),
  ],
  [
    'call/cc call-with-current-continuation',
    'procedure',
    'Refused: there are no continuations.',
    missing('call/cc', 'use try, raise or a loop'),
  ],
  [
    'string-bytes',
    'string',
    'The number of bytes of a string in UTF-8.',
    fixed((machine, value) => new TextEncoder().encode(newString(machine, displayValue(value, machine))).length),
  ],
];

export const miscBuiltins = family('other', rows);
