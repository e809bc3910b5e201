/** The machine: a stack of its own, counted steps and memory, and a state that can stop and go on at any call. */
import type { Executable, Redefinitions } from '../compiler/code.ts';
import type { Spot } from '../compiler/spot.ts';
import { type LispyError, limitError } from '../errors.ts';
import type { LispyLimits, Meter } from '../limits.ts';
import { listOf } from '../values/list.ts';
import { Closure } from '../values/procedure.ts';
import type { Value } from '../values/value.ts';
import { apply } from './apply.ts';
import { TailCall, Task } from './control.ts';
import type { Environment } from './environment.ts';
import { errorValue, toLispyError } from './error-value.ts';
import { type Instruction, type Operand, RETURN, type Slot } from './instruction.ts';
import { runInstructions } from './run.ts';
import { startCode, taskCode } from './stubs.ts';

export type Control = Task | TailCall;

/** What a machine stopped for. */
export const FINISHED = 0;
export const SLICED = 1;
export const WAITING = 2;

/** Thrown through native frames to go on in the machine's own loop; no error and never seen outside. */
export const UNWIND = { unwind: true };

type Handler = {
  readonly code: Instruction[];
  readonly pc: number;
  readonly base: number;
  readonly depth: number;
  readonly slot: number;
};

/**
 * One run of one program. Everything it needs to go on is in these fields at every call and every turn of a loop, also
 * while native code runs (see `compiler/direct.ts`), so that it can be stopped there and resumed.
 */
export class Machine implements Meter {
  readonly environment: Environment;
  readonly limits: LispyLimits;
  readonly globals: (Value | undefined)[];
  /** Builtins that this instance redefined on top of its program. */
  readonly redefinitions: Redefinitions | undefined;

  /** The result of the run, or of the task that is done. */
  result: Value = null;
  /** What a task asks to call. */
  callee: Value = null;
  operands: Value[] = [];
  /** What a waiting machine waits for. */
  waitingFor: Promise<Value> | undefined;
  /** Steps until the machine looks at the clock and at the limit. */
  fuel = 0;

  readonly stack: Slot[] = [null, null];
  readonly returnCode: Instruction[][] = [];
  readonly returnPc: number[] = [];
  readonly returnBase: number[] = [];
  readonly handlers: Handler[] = [];
  /** The registers: what runs, where in it, on which frame, under how many others. */
  code: Instruction[] = startCode;
  pc = 1;
  base = 0;
  depth = 0;
  /** About how many native frames carry the run at the moment, and what they call in tail position. */
  native = 0;
  tail: Operand | undefined;
  /** The native form of the procedure whose frame was just set up. */
  entering: Operand | undefined;

  #granted = 0;
  #isSliced = false;
  #memory = 0;
  /** Whether a slice may end before the run does; asked at every grant of fuel. */
  readonly #pause: () => boolean;
  readonly maximumDepth: number;

  constructor(environment: Environment, pause: () => boolean) {
    this.environment = environment;
    this.limits = environment.limits;
    this.globals = environment.globals;
    this.redefinitions = environment.redefinitions;
    this.#pause = pause;
    this.maximumDepth = environment.limits.depth;
    this.#grant();
  }

  /** Steps used so far. */
  get steps(): number {
    return this.#granted - this.fuel;
  }

  /** Estimated bytes allocated so far. */
  get memory(): number {
    return this.#memory;
  }

  get exhausted(): boolean {
    return this.fuel <= 0;
  }

  #grant(): void {
    const left = this.limits.steps - this.#granted;
    // A small integer in the engine's sense: fuel is counted down at every call.
    const amount = left < 1000 ? left | 0 : 1000;
    this.#granted += amount;
    this.fuel += amount;
  }

  charge(steps: number): void {
    this.fuel -= steps;
    if (this.fuel < 0 && this.#granted - this.fuel > this.limits.steps) throw this.#outOfSteps();
  }

  allocate(bytes: number): void {
    this.#memory += bytes;
    if (this.#memory > this.limits.memory) {
      throw limitError('memory', this.limits.memory, `program allocated ${Math.round(this.#memory)} bytes`);
    }
  }

  #outOfSteps(): LispyError {
    return limitError('steps', this.limits.steps, 'program takes too many steps');
  }

  /** Grants more fuel to the instruction at hand; true where the slice is over. */
  refuel(at: Instruction): boolean {
    while (this.fuel <= 0) {
      if (this.#granted >= this.limits.steps) throw this.#outOfSteps().locate(at.spot?.place());
      this.#grant();
    }
    return this.#pause();
  }

  /** Leaves native code at the end of a slice, before the instruction at hand. */
  pause(code: Instruction[], pc: number, base: number): never {
    this.fuel++;
    this.#isSliced = true;
    return this.leave(code, pc, base);
  }

  /** Leaves native code: the machine's loop goes on with this instruction, for which nothing has been done yet. */
  leave(code: Instruction[], pc: number, base: number): never {
    this.code = code;
    this.pc = pc;
    this.base = base;
    throw UNWIND;
  }

  /** What runs when this closure is called here. */
  executableOf(fn: Closure): Executable {
    const { main } = fn.code;
    return main !== undefined && this.redefinitions === undefined ? main : fn.code.executable(this.redefinitions);
  }

  tooDeep(at: Instruction): LispyError {
    return limitError('depth', this.limits.depth, 'calls are nested too deep').locate(at.spot?.place());
  }

  unbound(name: string, spot: Spot): never {
    throw this.environment.unbound(name, spot.place());
  }

  /** Prepares a call; {@link resume} runs it. */
  begin(fn: Value, args: Value[]): void {
    this.#guarded(() => this.enter(fn, args, 1, startCode[0]!));
  }

  /** Hands over what a waiting machine waited for. */
  deliver(value: Value): void {
    this.waitingFor = undefined;
    this.#guarded(() => this.put(value, this.code[this.pc - 1]!.destination));
  }

  /** Raises an error where a waiting machine waited. */
  fail(error: unknown): void {
    this.waitingFor = undefined;
    this.#raise(error);
  }

  #guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#raise(error);
    }
  }

  /** Runs until the end, the end of the slice, or a promise. */
  resume(): number {
    for (;;) {
      try {
        return this.waitingFor ? WAITING : runInstructions(this);
      } catch (error) {
        this.native = 0;
        if (error !== UNWIND) this.#raise(error);
        else if (this.#isSliced) {
          this.#isSliced = false;
          return SLICED;
        }
      }
    }
  }

  /** Goes to the innermost handler, or throws out of the run. */
  #raise(thrown: unknown): void {
    const error = toLispyError(thrown);
    if (!error.place) error.locate(this.#place());
    // An exception costs much more than a call.
    this.fuel -= 20;
    const handler = error.catchable ? this.handlers.pop() : undefined;
    if (!handler) throw error;
    this.code = handler.code;
    this.pc = handler.pc;
    this.base = handler.base;
    this.depth = handler.depth;
    this.entering = undefined;
    this.stack[this.base + handler.slot] = errorValue(error);
  }

  /** The place of the nearest call that has one: builtins have none of their own. */
  #place(): ReturnType<Spot['place']> | undefined {
    let spot = this.#spotOf(this.code, this.pc, this.base);
    for (let depth = this.depth - 1; !spot && depth >= 0 && depth >= this.depth - 100; depth--) {
      spot = this.#spotOf(this.returnCode[depth]!, this.returnPc[depth]!, this.returnBase[depth]!);
    }
    return spot?.place();
  }

  #spotOf(code: Instruction[], pc: number, base: number): Spot | undefined {
    if (code === taskCode) return (this.stack[base] as unknown as Task).spot;
    return code[pc - 1]?.spot;
  }

  /** Makes sure that a frame fits; memory for it is paid for once. */
  grow(size: number): void {
    const { stack } = this;
    this.allocate((size - stack.length) * 8);
    while (stack.length < size) stack.push(undefined);
  }

  /**
   * Calls any procedure from the instruction at hand. True where the machine has to stop: it waits, or it is done.
   * The registers must be in their fields.
   */
  enter(fn: Value, args: Value[], destination: number, at: Instruction): boolean {
    if (fn instanceof Closure) return this.#enterClosure(fn, args, destination, at);
    let result = apply(this, fn, args);
    // A tail call of a builtin: go round instead of deeper.
    while (result instanceof TailCall) {
      if (result.fn instanceof Closure) return this.#enterClosure(result.fn, result.args, destination, at);
      this.charge(1);
      result = apply(this, result.fn, result.args);
    }
    if (result instanceof Promise) {
      this.waitingFor = result;
      return true;
    }
    if (!(result instanceof Task)) return this.put(result, destination);
    this.#frame(destination, at, 2);
    this.code = taskCode;
    this.pc = 0;
    this.stack[this.base] = result as unknown as Slot;
    result.spot = at.spot;
    return false;
  }

  /** Sets the base of a callee's frame, behind the caller's or, in a tail call, in its place. */
  #frame(destination: number, at: Instruction, size: number): void {
    const base = destination === RETURN ? this.base : this.base + at.frame;
    if (base + size > this.stack.length) this.grow(base + size);
    if (destination === RETURN) return;
    if (this.depth >= this.limits.depth) throw this.tooDeep(at);
    this.returnCode[this.depth] = this.code;
    this.returnPc[this.depth] = this.pc;
    this.returnBase[this.depth] = this.base;
    this.depth++;
    this.base = base;
  }

  #enterClosure(fn: Closure, args: Value[], destination: number, at: Instruction): boolean {
    const { code } = fn;
    const required = code.rest ? code.parameters.length - 1 : code.parameters.length;
    if (args.length < required || (!code.rest && args.length > required)) throw this.environment.arity(fn, args.length);
    const { instructions, frame, direct } = code.executable(this.redefinitions);
    if (code.rest) this.charge(args.length - required);
    this.#frame(destination, at, frame);
    const { stack, base } = this;
    stack[base] = fn;
    for (let index = 0; index < required; index++) stack[base + 1 + index] = args[index];
    if (code.rest) stack[base + 1 + required] = listOf(args.slice(required));
    this.code = instructions;
    this.pc = 0;
    this.entering = direct;
    return false;
  }

  /** Puts a result where it belongs; true where that ends the run. */
  put(value: Value, destination: number): boolean {
    let to = destination;
    if (to === RETURN) {
      if (this.depth === 0) {
        this.result = value;
        return true;
      }
      const depth = --this.depth;
      this.code = this.returnCode[depth]!;
      this.pc = this.returnPc[depth]!;
      this.base = this.returnBase[depth]!;
      to = this.code[this.pc - 1]!.destination;
    }
    if (to >= 0) this.stack[this.base + to] = value;
    return false;
  }
}
