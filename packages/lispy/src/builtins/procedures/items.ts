/** The arguments that procedures over lists share. */
import { TailCall } from '../../machine/control.ts';
import type { Machine } from '../../machine/machine.ts';
import { List, listOf } from '../../values/list.ts';
import { Builtin, type ControlPrimitive, Procedure } from '../../values/procedure.ts';
import type { Value } from '../../values/value.ts';
import { chargeItems, itemsArg, listArg } from '../arguments.ts';
import { control } from '../define.ts';

/** The items to work through, as a copy that the program cannot change meanwhile. */
export const own = (machine: Machine, value: Value, name: string): Value[] => {
  const items = itemsArg(machine, value, name);
  machine.allocate(items.length * 8);
  // Only the items of a list that is an array are the list's own.
  return value instanceof List ? items.slice() : items;
};

export const isCallable = (value: Value): boolean => value instanceof Procedure;

/** The procedure first and the list second, in whichever order they came. */
export const ordered = (a: Value, b: Value): [fn: Value, list: Value] =>
  isCallable(b) && !isCallable(a) ? [b, a] : [a, b];

/** The procedure and the items of a call of two arguments. */
export const withItems = (machine: Machine, [a = null, b = null]: Value[], name: string): [Value, Value[]] => {
  const [fn, list] = ordered(a, b);
  return [fn, own(machine, list, name)];
};

export const rowsOf = (machine: Machine, lists: readonly Value[][]): Value[] => {
  const size = Math.min(...lists.map((list) => list.length));
  chargeItems(machine, size * (lists.length + 1));
  return Array.from({ length: size }, (_, index) => listOf(lists.map((list) => list[index]!)));
};

/** A procedure that takes its arguments as one list. */
export const spreadProcedure = (fn: Value): Builtin =>
  made('apply', 'list', (machine, [list = null]) => new TailCall(fn, listArg(machine, list, 'apply').slice()));

/** A procedure made at run time. */
export const made = (name: string, parameters: string, call: ControlPrimitive): Builtin =>
  new Builtin(name, parameters, '', 'made', control(call));
