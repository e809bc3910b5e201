/** Calling what is no closure: builtins, host functions, and the data that can be called. */
import { LispyError } from '../errors.ts';
import { typeError } from '../type-error.ts';
import { textOf } from '../values/equal.ts';
import { LispyMap, plainKey } from '../values/map.ts';
import { Builtin, HostProcedure } from '../values/procedure.ts';
import { isString, type Value } from '../values/value.ts';
import type { Control, Machine } from './machine.ts';

/** The result of a call, what it needs to go on, or a promise of it. */
export const apply = (machine: Machine, fn: Value, args: Value[]): Value | Control | Promise<Value> => {
  if (fn instanceof Builtin) {
    if (args.length < fn.min || args.length > fn.max) throw machine.environment.arity(fn, args.length);
    return fn.how.kind === 'fixed' ? fn.how.call(machine, ...args) : fn.how.call(machine, args);
  }
  if (fn instanceof HostProcedure) return fn.call(args, machine);
  // A keyword is the string of its name, and calling it looks it up: (:name m).
  if (isString(fn)) return lookup(textOf(fn, machine), args, machine);
  if (fn instanceof LispyMap) {
    if (args.length < 1 || args.length > 2)
      throw new LispyError('arity', `A map takes 1 or 2 arguments, got ${args.length}`);
    const key = plainKey(args[0]!);
    machine.charge(fn.distance);
    return (key === undefined ? undefined : fn.get(key)) ?? args[1] ?? null;
  }
  throw typeError('call', 'a procedure', fn);
};

const lookup = (key: string, args: Value[], machine: Machine): Value => {
  if (args.length < 1 || args.length > 2) {
    throw new LispyError('arity', `(:${key} map [default]) takes 1 or 2 arguments, got ${args.length}`);
  }
  const map = args[0]!;
  if (map === null) return args[1] ?? null;
  if (!(map instanceof LispyMap)) throw typeError(`:${key.slice(0, 60)}`, 'a map', map);
  machine.charge(map.distance);
  return map.get(key) ?? args[1] ?? null;
};
