/** How builtins are written down: tables of name, parameters, one line of documentation, and the function. */

import { type Steps, StepsTask } from '../machine/control.ts';
import type { Machine } from '../machine/machine.ts';
import {
  Builtin,
  type BuiltinKind,
  type ControlPrimitive,
  type Primitive,
  type SpreadPrimitive,
} from '../values/procedure.ts';
import type { Value } from '../values/value.ts';

/** One row: names separated by blanks (the first is the proper one), parameters, documentation, function. */
export type Row = readonly [names: string, parameters: string, doc: string, how: BuiltinKind];

/** A builtin of fixed and optional parameters that answers at once. */
export const fixed = (call: Primitive): BuiltinKind => ({ kind: 'fixed', call });

/** A builtin that takes its arguments as an array and answers at once. */
export const spread = (call: SpreadPrimitive): BuiltinKind => ({ kind: 'spread', call });

/** The same, with a short way for two arguments. */
export const spreadOrTwo = (
  call: SpreadPrimitive,
  two: (machine: Machine, a: Value, b: Value) => Value,
): BuiltinKind => ({
  kind: 'spread',
  call,
  two,
});

/** A builtin that may call procedures. */
export const control = (call: ControlPrimitive): BuiltinKind => ({ kind: 'control', call });

/** A builtin that calls procedures, written as a generator. */
export const steps = (run: (machine: Machine, args: Value[]) => Steps): BuiltinKind =>
  control((machine, args) => new StepsTask(run(machine, args)));

/** Makes the builtins of one family. */
export const family = (name: string, rows: readonly Row[]): Builtin[] =>
  rows.flatMap(([names, parameters, doc, how]) =>
    names.split(' ').map((alias) => new Builtin(alias, parameters, doc, name, how)),
  );
