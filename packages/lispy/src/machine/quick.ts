/** Calls that are over at once: fused procedures and builtins, run by a task without a frame that could wait. */
import { Builtin, Closure } from '../values/procedure.ts';
import type { Value } from '../values/value.ts';
import type { Operand } from './instruction.ts';
import type { Machine } from './machine.ts';

/** Where the frame of a leaf begins: behind the running task's. */
export const leafBase = (machine: Machine): number => machine.base + 2;

/**
 * The fused body of a procedure of that many arguments, with a frame at {@link leafBase} where the arguments go;
 * `undefined` where it has none. The frame lasts until the next call.
 */
export const leafOf = (machine: Machine, fn: Value, count: number): Operand | undefined => {
  if (!(fn instanceof Closure) || fn.code.exact !== count) return undefined;
  const { leaf, frame } = machine.executableOf(fn);
  if (leaf === undefined) return undefined;
  const base = leafBase(machine);
  if (base + frame > machine.stack.length) machine.grow(base + frame);
  machine.stack[base] = fn;
  return leaf;
};

/** Calls a procedure of one argument at once where that can be; else `undefined`. */
export const quick1 = (machine: Machine, fn: Value, argument: Value): Value | undefined => {
  if (fn instanceof Closure) {
    const leaf = leafOf(machine, fn, 1);
    if (leaf === undefined) return undefined;
    machine.fuel--;
    const base = leafBase(machine);
    machine.stack[base + 1] = argument;
    return leaf(machine.stack, base, machine);
  }
  if (!(fn instanceof Builtin) || fn.how.kind === 'control' || fn.min > 1 || fn.max < 1) return undefined;
  machine.fuel--;
  return fn.how.kind === 'fixed' ? fn.how.call(machine, argument) : fn.how.call(machine, [argument]);
};

/** The same for two arguments. */
export const quick2 = (machine: Machine, fn: Value, first: Value, second: Value): Value | undefined => {
  if (fn instanceof Closure) {
    const leaf = leafOf(machine, fn, 2);
    if (leaf === undefined) return undefined;
    machine.fuel--;
    const base = leafBase(machine);
    machine.stack[base + 1] = first;
    machine.stack[base + 2] = second;
    return leaf(machine.stack, base, machine);
  }
  if (!(fn instanceof Builtin) || fn.how.kind === 'control' || fn.min > 2 || fn.max < 2) return undefined;
  machine.fuel--;
  if (fn.how.kind === 'fixed') return fn.how.call(machine, first, second);
  return fn.how.two ? fn.how.two(machine, first, second) : fn.how.call(machine, [first, second]);
};
