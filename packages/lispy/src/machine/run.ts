/** The machine's loop. It runs what native code cannot: tasks, handlers, waiting, and calls of any depth. */
import { TAIL } from '../compiler/direct.ts';
import { limitError } from '../errors.ts';
import { Closure } from '../values/procedure.ts';
import type { Value } from '../values/value.ts';
import { CALL, DONE, PAUSE, type Task } from './control.ts';
import type { Instruction } from './instruction.ts';
import { FINISHED, type Machine, SLICED, UNWIND, WAITING } from './machine.ts';

/** Saves the registers, for everything that may look at them. */
const save = (machine: Machine, code: Instruction[], pc: number, base: number): void => {
  machine.code = code;
  machine.pc = pc;
  machine.base = base;
};

/**
 * Runs from the machine's registers until the end, the end of the slice, or a promise. The registers live in local
 * variables; the cases of the switch are the numbers of `op`, spelled out so that they become a jump table.
 */
export const runInstructions = (machine: Machine): number => {
  const { stack, returnCode, returnPc, returnBase } = machine;
  const maximum = machine.limits.depth;
  let { code, pc, base } = machine;
  let native = machine.entering;
  let isNative = false;
  try {
    for (;;) {
      if (native !== undefined) {
        // The frame of a procedure with a native form is set up: run it, and give its result to the caller.
        const start = native;
        native = undefined;
        machine.entering = undefined;
        machine.native = 0;
        save(machine, code, pc, base);
        isNative = true;
        let value = start(stack, base, machine);
        while (value === TAIL) value = machine.tail!(stack, base, machine);
        isNative = false;
        if (machine.depth === 0) {
          machine.result = value;
          return FINISHED;
        }
        const depth = --machine.depth;
        code = returnCode[depth]!;
        pc = returnPc[depth]!;
        base = returnBase[depth]!;
        const { destination } = code[pc - 1]!;
        if (destination >= 0) stack[base + destination] = value;
      }
      instructions: for (;;) {
        const at = code[pc++]!;
        switch (at.op) {
          case 0: // evaluate
            stack[base + at.destination] = at.first(stack, base, machine);
            continue;
          case 1: // discard
            at.first(stack, base, machine);
            continue;
          case 2: {
            // jumpUnless
            const value = at.first(stack, base, machine);
            if (value === false || value === null) pc = at.target;
            continue;
          }
          case 3: {
            // jumpIf
            const value = at.first(stack, base, machine);
            if (value !== false && value !== null) pc = at.target;
            continue;
          }
          case 4: // jump
            pc = at.target;
            continue;
          case 5: // turn
            if (--machine.fuel < 0 && machine.refuel(at)) return sliced(machine, code, pc, base);
            at.first(stack, base, machine);
            pc = at.target;
            continue;
          case 7: // call1
          case 8: // call2
          case 9: {
            // call3
            const fn = at.fn(stack, base, machine);
            if (!(fn instanceof Closure) || fn.code.exact !== at.op - 6) break;
            if (--machine.fuel < 0 && machine.refuel(at)) return sliced(machine, code, pc, base);
            const { instructions, frame, leaf, direct } = machine.executableOf(fn);
            const next = base + at.frame;
            if (next + frame > stack.length) machine.grow(next + frame);
            stack[next + 1] = at.first(stack, base, machine);
            if (at.op > 7) stack[next + 2] = at.second(stack, base, machine);
            if (at.op > 8) stack[next + 3] = at.third(stack, base, machine);
            stack[next] = fn;
            if (leaf !== undefined) {
              const value = leaf(stack, next, machine);
              if (at.destination >= 0) stack[base + at.destination] = value;
              continue;
            }
            const { depth } = machine;
            if (depth >= maximum) throw machine.tooDeep(at);
            returnCode[depth] = code;
            returnPc[depth] = pc;
            returnBase[depth] = base;
            machine.depth = depth + 1;
            code = instructions;
            pc = 0;
            base = next;
            if (direct === undefined) continue;
            native = direct;
            break instructions;
          }
          case 12: // tail1
          case 13: // tail2
          case 14: {
            // tail3
            const fn = at.fn(stack, base, machine);
            if (!(fn instanceof Closure) || fn.code.exact !== at.op - 11) break;
            if (--machine.fuel < 0 && machine.refuel(at)) return sliced(machine, code, pc, base);
            const { instructions, frame, direct } = machine.executableOf(fn);
            const first = at.first(stack, base, machine);
            const second = at.op > 12 ? at.second(stack, base, machine) : null;
            const third = at.op > 13 ? at.third(stack, base, machine) : null;
            if (base + frame > stack.length) machine.grow(base + frame);
            stack[base] = fn;
            stack[base + 1] = first;
            if (at.op > 12) stack[base + 2] = second;
            if (at.op > 13) stack[base + 3] = third;
            code = instructions;
            pc = 0;
            if (direct === undefined) continue;
            native = direct;
            break instructions;
          }
          case 16: {
            // give
            const value = at.first(stack, base, machine);
            if (machine.depth === 0) {
              machine.result = value;
              return FINISHED;
            }
            const depth = --machine.depth;
            code = returnCode[depth]!;
            pc = returnPc[depth]!;
            base = returnBase[depth]!;
            const { destination } = code[pc - 1]!;
            if (destination >= 0) stack[base + destination] = value;
            continue;
          }
          case 17: // handle
            if (machine.handlers.length >= maximum) throw limitError('depth', maximum, 'handlers are nested too deep');
            machine.handlers.push({ code, pc: at.target, base, depth: machine.depth, slot: at.destination });
            continue;
          case 18: // unhandle
            machine.handlers.pop();
            continue;
          case 19: // charge
            machine.charge(at.target);
            continue;
          case 20: {
            // advance
            save(machine, code, pc, base);
            const state = (stack[base] as unknown as Task).advance(machine);
            if (state === PAUSE) {
              if (machine.refuel(at)) {
                machine.pc--;
                return SLICED;
              }
              pc--;
              continue;
            }
            if (state === DONE && machine.put(machine.result, -1)) return FINISHED;
            if (state === CALL) {
              if (--machine.fuel < 0) machine.refuel(at);
              if (machine.enter(machine.callee, machine.operands, 1, at)) return WAITING;
            }
            ({ code, pc, base, entering: native } = machine);
            if (native === undefined) continue;
            break instructions;
          }
          case 21: // accept
            (stack[base] as unknown as Task).accept(stack[base + 1] as Value);
            pc = 0;
            continue;
          default:
            break;
        }
        // Any other call: collect the arguments and take the general way.
        if (--machine.fuel < 0 && machine.refuel(at)) return sliced(machine, code, pc, base);
        const fn = at.fn(stack, base, machine);
        const args: Value[] = [];
        for (const operand of at.many) args.push(operand(stack, base, machine));
        save(machine, code, pc, base);
        if (machine.enter(fn, args, at.destination, at)) return machine.waitingFor ? WAITING : FINISHED;
        ({ code, pc, base, entering: native } = machine);
        if (native !== undefined) break;
      }
    }
  } catch (error) {
    // Native code keeps its own account: who leaves it says where to go on, and errors bring their places.
    if (error !== UNWIND && !isNative) save(machine, code, pc, base);
    throw error;
  }
};

/** Stops before the instruction at hand, which will be run when the machine goes on. */
const sliced = (machine: Machine, code: Instruction[], pc: number, base: number): number => {
  machine.fuel++;
  save(machine, code, pc - 1, base);
  return SLICED;
};
