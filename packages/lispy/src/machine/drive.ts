/** Driving a machine to its end: at once where possible, else in time slices that leave the event loop free. */
import { LispyError, limitError } from '../errors.ts';
import type { Value } from '../values/value.ts';
import type { Environment } from './environment.ts';
import { FINISHED, Machine, WAITING } from './machine.ts';

/** How a run is bounded in time; everything can be injected. */
export type Schedule = {
  /** Ends the run. As a function it is asked for when first needed: most runs end before, and a signal is not cheap. */
  readonly signal?: AbortSignal | (() => AbortSignal) | undefined;
  /** Milliseconds on the clock at which the run is out of time. */
  readonly deadline?: number | undefined;
  /** Milliseconds from the start of a call, as another way to give a deadline. */
  readonly timeout?: number | undefined;
  /** Milliseconds that the run may compute, without the time in which it waits for the host. */
  readonly cpu?: number | undefined;
  /** Length of a time slice in milliseconds. */
  readonly slice?: number | undefined;
  /** The clock, in milliseconds; `performance.now` unless given. */
  readonly now?: (() => number) | undefined;
  /** Gives way to other work; a turn of the event loop unless given. */
  readonly yield?: (() => Promise<void>) | undefined;
};

/** What a run used. */
export type RunStatistics = { readonly steps: number; readonly memory: number };

/** Calls a procedure. The value comes at once where the call ends within its first slice and waits for nothing. */
export const drive = (
  environment: Environment,
  schedule: Schedule,
  fn: Value,
  args: Value[],
  report: (statistics: RunStatistics) => void,
): Value | Promise<Value> => {
  const clock = new Clock(schedule);
  const machine = new Machine(environment, () => clock.tick(true));
  try {
    machine.begin(fn, args);
    if (machine.resume() === FINISHED) {
      report(machine);
      return machine.result;
    }
  } catch (error) {
    report(machine);
    throw error;
  }
  return finish(machine, clock, schedule).finally(() => report(machine));
};

/** Calls a procedure that must not wait. */
export const driveSync = (
  environment: Environment,
  schedule: Schedule,
  fn: Value,
  args: Value[],
  report: (statistics: RunStatistics) => void,
): Value => {
  const clock = new Clock(schedule);
  const machine = new Machine(environment, () => clock.tick(false));
  try {
    machine.begin(fn, args);
    if (machine.resume() === FINISHED) return machine.result;
  } finally {
    report(machine);
  }
  machine.waitingFor?.catch(() => {});
  throw new LispyError(
    'async',
    'Host function answers later: run this program with "run" or "call", not their Sync forms',
  );
};

const finish = async (machine: Machine, clock: Clock, schedule: Schedule): Promise<Value> => {
  const pause = schedule.yield ?? nextTurn;
  for (;;) {
    clock.pause();
    if (machine.waitingFor) await settle(machine, machine.waitingFor, clock);
    else await pause();
    clock.check();
    clock.begin();
    const state = machine.resume();
    if (state === FINISHED) return machine.result;
    if (state !== WAITING && machine.waitingFor) throw new LispyError('internal', 'Machine waits without saying so');
  }
};

/** Waits for a host function, but not longer than the run may take. */
const settle = async (machine: Machine, promise: Promise<Value>, clock: Clock): Promise<void> => {
  const stop = clock.stopped();
  let outcome: { value: Value } | { error: unknown };
  try {
    outcome = await Promise.race([
      promise.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      ),
      stop.promise,
    ]);
  } finally {
    stop.release();
  }
  if ('value' in outcome) machine.deliver(outcome.value);
  else machine.fail(outcome.error);
};

class Clock {
  readonly #source: AbortSignal | (() => AbortSignal) | undefined;
  readonly #now: () => number;
  readonly #deadline: number | undefined;
  readonly #slice: number;
  readonly #cpu: number;
  #sliceEnd = 0;
  /** When the slice began, and what the slices before took. */
  #began = 0;
  #spent = 0;

  constructor(schedule: Schedule) {
    this.#source = schedule.signal;
    this.#now = schedule.now ?? (() => performance.now());
    this.#slice = schedule.slice ?? 5;
    this.#cpu = schedule.cpu ?? Number.POSITIVE_INFINITY;
    const timed = schedule.timeout === undefined ? undefined : this.#now() + schedule.timeout;
    this.#deadline = schedule.deadline ?? timed;
    if (typeof this.#source === 'object' && this.#source.aborted) this.check();
  }

  get #signal(): AbortSignal | undefined {
    return typeof this.#source === 'function' ? this.#source() : this.#source;
  }

  begin(): void {
    this.#began = this.#now();
    this.#sliceEnd = this.#began + this.#slice;
  }

  /** The run waits, or lets others work: that costs it nothing. */
  pause(): void {
    if (this.#sliceEnd !== 0) this.#spent += this.#now() - this.#began;
  }

  /** Asked about every thousand steps. Throws where the run has to stop; true where the slice is over. */
  tick(mayPause: boolean): boolean {
    this.check();
    if (this.#sliceEnd === 0) this.begin();
    const now = this.#now();
    if (this.#spent + now - this.#began > this.#cpu)
      throw limitError('cpu', `${this.#cpu} ms`, 'run computes too long');
    return mayPause && now >= this.#sliceEnd;
  }

  check(): void {
    const signal = this.#signal;
    if (signal?.aborted) throw new LispyError('aborted', 'Run was aborted', { cause: signal.reason });
    if (this.#deadline !== undefined && this.#now() >= this.#deadline)
      throw limitError('time', 'its deadline', 'run is out of time');
  }

  /** A promise that rejects when the run is aborted or out of time. */
  stopped(): { promise: Promise<never>; release: () => void } {
    let fail: (error: unknown) => void = () => {};
    const promise = new Promise<never>((_, reject) => {
      fail = reject;
    });
    promise.catch(() => {});
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = (): void => {
      try {
        this.check();
        arm();
      } catch (error) {
        fail(error);
      }
    };
    // A timer counts from when its turn of the event loop began, so it may ring before the deadline: then it is set again.
    const arm = (): void => {
      clearTimeout(timer);
      if (this.#deadline === undefined) return;
      const left = Math.max(0, this.#deadline - this.#now()) + 1;
      timer = setTimeout(stop, Math.min(left, 2 ** 31 - 1));
    };
    const signal = this.#signal;
    signal?.addEventListener('abort', stop, { once: true });
    arm();
    return {
      promise,
      release: () => {
        signal?.removeEventListener('abort', stop);
        clearTimeout(timer);
      },
    };
  }
}

type Immediate = { readonly setImmediate?: (callback: () => void) => void };

/** One turn of the event loop, by the fastest means that lets timers and messages through. */
const nextTurn = (): Promise<void> =>
  new Promise((resolve) => {
    const { setImmediate } = globalThis as Immediate;
    if (setImmediate) setImmediate(resolve);
    else if (typeof MessageChannel === 'function') {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        channel.port1.close();
        resolve();
      };
      channel.port2.postMessage(null);
    } else setTimeout(resolve, 0);
  });
