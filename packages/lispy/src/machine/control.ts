/** What a builtin that calls procedures answers with: a tail call, or a task that asks for calls one by one. */
import type { Spot } from '../compiler/spot.ts';
import type { Value } from '../values/value.ts';
import type { Machine } from './machine.ts';

/** "The result is what this call gives": the builtin is done, so that such calls are proper tail calls. */
export class TailCall {
  readonly fn: Value;
  readonly args: Value[];
  constructor(fn: Value, args: Value[]) {
    this.fn = fn;
    this.args = args;
  }
}

/** What a task wants next. */
export const DONE = 0;
export const CALL = 1;
export const PAUSE = 2;

/** A builtin at work between calls of procedures. It lives on the machine's stack, so it can wait for anything. */
export abstract class Task {
  /** Where it was called, for errors. */
  spot: Spot | undefined;
  /** Takes the result of the call it asked for. */
  abstract accept(value: Value): void;
  /**
   * Goes on until it is DONE (the result is `machine.result`), needs a CALL (of `machine.callee` with
   * `machine.operands`), or the time slice is over (PAUSE).
   */
  abstract advance(machine: Machine): number;
}

/** A request of a generator task: call this procedure with these arguments. */
type CallRequest = readonly [fn: Value, ...args: Value[]];

/** A task written as a generator: it yields the calls it needs and receives their results. */
export type Steps = Generator<CallRequest | undefined, Value, Value>;

/** Runs a generator as a task; yielding `undefined` offers a pause. */
export class StepsTask extends Task {
  readonly #steps: Steps;
  #value: Value = null;

  constructor(steps: Steps) {
    super();
    this.#steps = steps;
  }

  accept(value: Value): void {
    this.#value = value;
  }

  advance(machine: Machine): number {
    for (;;) {
      const step = this.#steps.next(this.#value);
      if (step.done) {
        machine.result = step.value;
        return DONE;
      }
      if (step.value !== undefined) {
        const [fn, ...args] = step.value;
        machine.callee = fn;
        machine.operands = args;
        return CALL;
      }
      if (machine.exhausted) return PAUSE;
    }
  }
}
