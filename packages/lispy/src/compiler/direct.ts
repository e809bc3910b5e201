/**
 * Native forms of calls and loops: nested JavaScript closures instead of instructions, as long as that is safe.
 *
 * Native code keeps the machine's stack and return records exactly as the machine's loop would. It can therefore be
 * left at any call or turn by throwing `UNWIND`: the loop goes on from the records, and nothing is lost. That happens
 * when a time slice ends, when native frames get deep, and at calls that only the loop can make.
 */
import { LispyError } from '../errors.ts';
import type { Instruction, Operand, Slot } from '../machine/instruction.ts';
import type { Machine } from '../machine/machine.ts';
import { Builtin, Closure } from '../values/procedure.ts';
import { LispySymbol } from '../values/symbol.ts';
import type { Value } from '../values/value.ts';
import type { Executable } from './code.ts';

/** Returned by native code in place of a value: call `machine.tail` on the same frame. */
export const TAIL: Value = new LispySymbol('tail');

/** Native frames on top of each other; beyond that the loop takes over. A third of a browser's stack at most. */
const deepest = 2000;

/** The procedure that an instruction belongs to, known when its code is complete. */
export type Owner = { executable: Executable | undefined };

/** Calls that need the loop: leave for it, and let it run this procedure from now on. */
const leaveForGood = (
  owner: Owner,
  instructions: Instruction[],
  index: number,
  base: number,
  machine: Machine,
): never => {
  if (owner.executable) owner.executable.direct = undefined;
  return machine.leave(instructions, index, base);
};

/** A call of a builtin that answers at once; everything else is the loop's. */
const callOther = (
  fn: Value,
  at: Instruction,
  owner: Owner,
  instructions: Instruction[],
  index: number,
  stack: Slot[],
  base: number,
  machine: Machine,
): Value => {
  const count = at.many.length;
  if (!(fn instanceof Builtin) || fn.how.kind === 'control' || count < fn.min || count > fn.max) {
    return leaveForGood(owner, instructions, index, base, machine);
  }
  if (--machine.fuel < 0 && machine.refuel(at)) return machine.pause(instructions, index, base);
  const args: Value[] = [];
  for (const operand of at.many) args.push(operand(stack, base, machine));
  try {
    const value = fn.how.kind === 'fixed' ? fn.how.call(machine, ...args) : fn.how.call(machine, args);
    if (at.destination >= 0) stack[base + at.destination] = value;
    return value;
  } catch (error) {
    throw error instanceof LispyError ? error.locate(at.spot?.place()) : error;
  }
};

/** The native form of a call that is not in tail position. */
export const directCall = (at: Instruction, instructions: Instruction[], index: number, owner: Owner): Operand => {
  const count = at.many.length;
  const { fn: callee, destination } = at;
  const pass = passArguments(at);
  return (stack, base, machine) => {
    const fn = callee(stack, base, machine);
    if (!(fn instanceof Closure) || fn.code.exact !== count) {
      return callOther(fn, at, owner, instructions, index, stack, base, machine);
    }
    const { direct, leaf, frame, nesting } = machine.executableOf(fn);
    if (direct === undefined) return leaveForGood(owner, instructions, index, base, machine);
    const { depth } = machine;
    if (machine.native + nesting > deepest || depth >= machine.maximumDepth)
      return machine.leave(instructions, index, base);
    if (--machine.fuel < 0 && machine.refuel(at)) return machine.pause(instructions, index, base);
    const next = base + at.frame;
    if (next + frame > stack.length) machine.grow(next + frame);
    pass(stack, base, machine);
    stack[next] = fn;
    let value: Value;
    if (leaf !== undefined) value = leaf(stack, next, machine);
    else {
      machine.returnCode[depth] = instructions;
      machine.returnPc[depth] = index + 1;
      machine.returnBase[depth] = base;
      machine.depth = depth + 1;
      machine.native += nesting;
      value = direct(stack, next, machine);
      while (value === TAIL) value = machine.tail!(stack, next, machine);
      machine.native -= nesting;
      machine.depth = depth;
    }
    if (destination >= 0) stack[base + destination] = value;
    return value;
  };
};

/** Puts the arguments into the callee's frame. */
const passArguments = (at: Instruction): ((stack: Slot[], base: number, machine: Machine) => void) => {
  const { many, first, second } = at;
  if (many.length === 0) return () => {};
  if (many.length === 1) {
    return (stack, base, machine) => {
      stack[base + at.frame + 1] = first(stack, base, machine);
    };
  }
  if (many.length === 2) {
    return (stack, base, machine) => {
      const next = base + at.frame;
      stack[next + 1] = first(stack, base, machine);
      stack[next + 2] = second(stack, base, machine);
    };
  }
  return (stack, base, machine) => {
    const next = base + at.frame + 1;
    for (let index = 0; index < many.length; index++) stack[next + index] = many[index]!(stack, base, machine);
  };
};

/** The native form of a call in tail position: the frame is reused, and whoever called this procedure goes on. */
export const directTail = (at: Instruction, instructions: Instruction[], index: number, owner: Owner): Operand => {
  const count = at.many.length;
  const { fn: callee } = at;
  const replace = replaceArguments(at);
  return (stack, base, machine) => {
    const fn = callee(stack, base, machine);
    if (!(fn instanceof Closure) || fn.code.exact !== count) {
      return callOther(fn, at, owner, instructions, index, stack, base, machine);
    }
    const { direct, frame } = machine.executableOf(fn);
    if (direct === undefined) return leaveForGood(owner, instructions, index, base, machine);
    if (--machine.fuel < 0 && machine.refuel(at)) return machine.pause(instructions, index, base);
    if (base + frame > stack.length) machine.grow(base + frame);
    replace(stack, base, machine);
    stack[base] = fn;
    machine.tail = direct;
    return TAIL;
  };
};

/** Puts the arguments in the place of the present ones, once all of them are computed. */
const replaceArguments = (at: Instruction): ((stack: Slot[], base: number, machine: Machine) => void) => {
  const { many, first, second } = at;
  if (many.length === 0) return () => {};
  if (many.length === 1) {
    return (stack, base, machine) => {
      stack[base + 1] = first(stack, base, machine);
    };
  }
  if (many.length === 2) {
    return (stack, base, machine) => {
      const value = first(stack, base, machine);
      stack[base + 2] = second(stack, base, machine);
      stack[base + 1] = value;
    };
  }
  return (stack, base, machine) => {
    const values: Value[] = [];
    for (const operand of many) values.push(operand(stack, base, machine));
    for (let index = 0; index < values.length; index++) stack[base + 1 + index] = values[index]!;
  };
};

/** The native form of a loop's turn: `marker` tells the loop around it to go round. */
export const directTurn = (at: Instruction, instructions: Instruction[], index: number, marker: Value): Operand => {
  const { first } = at;
  return (stack, base, machine) => {
    if (--machine.fuel < 0 && machine.refuel(at)) return machine.pause(instructions, index, base);
    first(stack, base, machine);
    return marker;
  };
};

/** One operand after others that are run for their effect. */
export const inOrder = (before: readonly Operand[], last: Operand): Operand => {
  const [first, second] = before;
  if (first === undefined) return last;
  if (second === undefined) {
    return (stack, base, machine) => {
      first(stack, base, machine);
      return last(stack, base, machine);
    };
  }
  if (before.length === 2) {
    return (stack, base, machine) => {
      first(stack, base, machine);
      second(stack, base, machine);
      return last(stack, base, machine);
    };
  }
  return (stack, base, machine) => {
    for (const operand of before) operand(stack, base, machine);
    return last(stack, base, machine);
  };
};
