/** Procedures made of procedures, and calling them. */
import { type Steps, StepsTask, TailCall } from '../../machine/control.ts';
import type { Machine } from '../../machine/machine.ts';
import type { ControlPrimitive } from '../../values/procedure.ts';
import { isTrue, type Value } from '../../values/value.ts';
import { integerArg, itemsArg, newList } from '../arguments.ts';
import { control, fixed, type Row, spread, steps } from '../define.ts';

import { isCallable, made } from './items.ts';

const applyList: ControlPrimitive = (machine, args) => {
  const [fn = null, ...front] = args;
  const last = front.pop() ?? null;
  const items = itemsArg(machine, last, 'apply');
  machine.charge(items.length);
  return new TailCall(fn, [...front, ...items]);
};

const compose = (_machine: Machine, fns: Value[]): Value => {
  if (fns.length === 0) return made('identity', 'value', (_, [value = null]) => value);
  return made('composed', '. argument', (_, args) => {
    if (fns.length === 1) return new TailCall(fns[0]!, args);
    const run = function* (): Steps {
      let value = yield [fns.at(-1)!, ...args];
      for (let index = fns.length - 2; index >= 0; index--) value = yield [fns[index]!, value];
      return value;
    };
    return new StepsTask(run());
  });
};

const partial = (_machine: Machine, [fn = null, ...front]: Value[]): Value =>
  made('partial', '. argument', (_, args) => new TailCall(fn, [...front, ...args]));

const complement = (_machine: Machine, fn: Value): Value =>
  made(
    'complement',
    '. argument',
    (_, args) =>
      new StepsTask(
        (function* (): Steps {
          return !isTrue(yield [fn, ...args]);
        })(),
      ),
  );

const juxt = (_machine: Machine, fns: Value[]): Value =>
  made(
    'juxt',
    '. argument',
    (machine, args) =>
      new StepsTask(
        (function* (): Steps {
          const results: Value[] = [];
          for (const fn of fns) results.push(yield [fn, ...args]);
          return newList(machine, results);
        })(),
      ),
  );

function* iterateTimes(machine: Machine, [a = null, b = null, c]: Value[]): Steps {
  // (iterate n f x), and (repeatedly n f) where there is nothing to start from.
  const [count, fn] = isCallable(a) ? [b, a] : [a, b];
  const times = integerArg(count, 'repeatedly', 0, machine.limits.items);
  const results: Value[] = [];
  let value: Value = c ?? null;
  for (let index = 0; index < times; index++) {
    if (c !== undefined) results.push(value);
    if (c === undefined || index < times - 1) value = c === undefined ? yield [fn] : yield [fn, value];
    if (c === undefined) results.push(value);
  }
  return newList(machine, results);
}

export const applyRows: readonly Row[] = [
  [
    'apply',
    'procedure . arguments',
    'Calls a procedure; the last argument is a list of arguments.',
    control(applyList),
  ],
  [
    'repeatedly iterate',
    'count procedure [start]',
    'Results of calling a procedure again and again.',
    steps(iterateTimes),
  ],
  ['identity', 'value', 'The value itself.', fixed((_machine, value) => value)],
  [
    'constantly',
    'value',
    'A procedure that always gives this value.',
    fixed((_machine, value) => made('constantly', '. argument', () => value)),
  ],
  ['complement', 'test', 'The opposite of a test.', fixed(complement)],
  ['partial curry', 'procedure . argument', 'A procedure with its first arguments filled in.', spread(partial)],
  ['compose comp', '. procedure', 'One procedure after the other, the last one first.', spread(compose)],
  ['juxt', '. procedure', 'A procedure that gives the results of all of them as a list.', spread(juxt)],
  [
    'call',
    'procedure . argument',
    'Calls a procedure.',
    control((_machine, [fn = null, ...args]) => new TailCall(fn, args)),
  ],
];
