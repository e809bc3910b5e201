/** What special forms call: not reachable by any name that a program can redefine. */
import { LispyError } from '../errors.ts';
import { errorOf, Raised } from '../machine/error-value.ts';
import { displayValue } from '../print.ts';
import { Origin, SourceText } from '../reader/origin.ts';
import { checkInteger } from '../values/arithmetic.ts';
import { sameValue } from '../values/equal.ts';
import { EMPTY, List, listOf } from '../values/list.ts';
import { LispyMap } from '../values/map.ts';
import { Builtin, type BuiltinKind } from '../values/procedure.ts';
import type { Value } from '../values/value.ts';
import { chargeItems, isList, itemsArg, keyArg, listArg, newList } from './arguments.ts';
import { fixed, spread } from './define.ts';

const nowhere = new SourceText('', '');

/** A map of alternating keys and values. */
export const makeMap = (machine: Parameters<typeof chargeItems>[0], args: readonly Value[]): LispyMap => {
  if (args.length % 2 === 1)
    throw new LispyError('arity', 'Map needs a value for each key, got an odd number of arguments');
  chargeItems(machine, args.length);
  const entries = new Map();
  for (let index = 0; index < args.length; index += 2)
    entries.set(keyArg(machine, args[index]!, 'dict'), args[index + 1]!);
  return new LispyMap(entries);
};

/** Raises a value, or again the error that a caught map stands for. */
export const raise = (value: Value): never => {
  const known = errorOf(value);
  if (known) throw known;
  const text = value instanceof LispyMap ? (value.get('message') ?? value) : value;
  throw new LispyError('user', displayValue(text), { payload: new Raised(value) });
};

const kinds: Readonly<Record<string, readonly [string, BuiltinKind]>> = {
  /** A form in square brackets, for templates of macros. */
  bracketed: [
    'list',
    fixed((machine, list) => {
      const items = [...listArg(machine, list, 'quasiquote')];
      return items.length === 0 ? EMPTY : new List(items, 0, items.length, new Origin(nowhere, 0, 'vector', [], false));
    }),
  ],
  splice: [
    'list',
    fixed((machine, list) => (isList(list) ? list : newList(machine, itemsArg(machine, list, 'unquote-splicing')))),
  ],
  'apply-dict': ['list', fixed((machine, list) => makeMap(machine, listArg(machine, list, 'dict')))],
  dict: ['. entry', spread(makeMap)],
  'case-match': [
    'key data',
    fixed((machine, key, data) =>
      isList(data)
        ? listArg(machine, data, 'case').some((item) => sameValue(key, item, machine))
        : sameValue(key, data, machine),
    ),
  ],
  'count-limit': ['count', fixed((_machine, count) => checkInteger(count, 'dotimes'))],
  seq: ['collection', fixed((machine, value) => (isList(value) ? value : listOf(itemsArg(machine, value, 'doseq'))))],
  raise: ['value', fixed((_machine, value) => raise(value))],
  'assert-failed': [
    'message',
    fixed((machine, message) => {
      throw new LispyError('assert', `Assertion failed: ${displayValue(message, machine)}`);
    }),
  ],
};

export const internals: ReadonlyMap<string, Builtin> = new Map(
  Object.entries(kinds).map(([name, [parameters, how]]) => [name, new Builtin(name, parameters, '', 'internal', how)]),
);
