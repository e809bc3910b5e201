/** Cells: pairs and what hangs on them, as Scheme has it. */
import type { Machine } from '../../machine/machine.ts';
import { rangeError, typeError } from '../../type-error.ts';
import { carOf, cdrOf, EMPTY, List, Pair, setCar, setCdr } from '../../values/list.ts';
import { isCell, type Value } from '../../values/value.ts';
import { integerArg, listArg } from '../arguments.ts';
import { fixed, type Row } from '../define.ts';

export const cons = (machine: Machine, car: Value, cdr: Value): Value => {
  machine.allocate(40);
  return new Pair(car, cdr === null ? EMPTY : cdr);
};

const car = (_machine: Machine, cell: Value): Value => {
  if (cell instanceof List || cell instanceof Pair) return carOf(cell);
  throw typeError('car', 'a pair or a non-empty list', cell);
};

export const cdr = (machine: Machine, cell: Value): Value => {
  if (cell instanceof Pair) return cell.cdr;
  if (!(cell instanceof List)) throw typeError('cdr', 'a pair or a non-empty list', cell);
  machine.allocate(40);
  return cdrOf(cell);
};

/** `cadr` and its kin: the letters from right to left. */
const path = (letters: string): Row => {
  const name = `c${letters}r`;
  const walk = (machine: Machine, value: Value): Value => {
    let at = value;
    for (let index = letters.length - 1; index >= 0; index--) {
      if (!isCell(at)) throw typeError(name, 'a longer list', value);
      at = letters[index] === 'a' ? carOf(at) : cdr(machine, at);
    }
    return at;
  };
  const words = [...letters].map((letter) => `c${letter}r`).join(' of the ');
  return [name, 'list', `The ${words} of a list.`, fixed(walk)];
};

const paths = ['a', 'd']
  .flatMap((a) => ['a', 'd'].map((b) => a + b))
  .flatMap((two) => [two, `a${two}`, `d${two}`, ...['aa', 'ad', 'da', 'dd'].map((front) => front + two)]);

const listTail = (machine: Machine, list: Value, count: Value): Value => {
  let at = list;
  const steps = integerArg(count, 'list-tail', 0);
  for (let index = 0; index < steps; index++) {
    if ((index & 63) === 0) machine.charge(64);
    if (!isCell(at)) throw rangeError(`"list-tail" expects at least ${steps} items, got ${index}`);
    at = cdrOf(at);
  }
  return at;
};

const mutate = (name: string, change: (cell: Pair | List, value: Value) => void) =>
  fixed((machine, cell, value) => {
    if (!isCell(cell)) throw typeError(name, 'a pair or a non-empty list', cell);
    if (cell instanceof List) machine.charge((cell.end - cell.start) >> 3);
    change(cell, value);
    return null;
  });

const vectorSet = (machine: Machine, list: Value, index: Value, value: Value): Value => {
  const cell = listTail(machine, list, integerArg(index, 'vector-set!', 0));
  if (!isCell(cell)) throw rangeError(`"vector-set!" expects an index below the length, got ${index}`);
  setCar(cell, value);
  return null;
};

export const cellRows: readonly Row[] = [
  ['cons', 'item list', 'A list with one more item in front, or a pair.', fixed(cons)],
  ['car', 'list', 'The first item; an error where there is none.', fixed(car)],
  ['cdr', 'list', 'The list after its first item.', fixed(cdr)],
  ...paths.map(path),
  ['list-tail', 'list count', 'The list after that many items, sharing them.', fixed(listTail)],
  [
    'last-pair',
    'list',
    'The last pair of a list.',
    fixed((machine, list) => listTail(machine, list, Math.max(0, listArg(machine, list, 'last-pair').length - 1))),
  ],
  ['set-car!', 'pair value', 'Replaces the first item.', mutate('set-car!', setCar)],
  ['set-cdr!', 'pair value', 'Replaces what follows the first item.', mutate('set-cdr!', setCdr)],
  ['vector-set! list-set!', 'list index value', 'Replaces the item at an index.', fixed(vectorSet)],
];
