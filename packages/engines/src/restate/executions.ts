// The runs that are under way in this worker: so many at a time, each once at a time, given back when the worker ends.
import { setTimeout as sleep } from 'node:timers/promises';
import { PypesError } from '@pypes/contract';
import type { ExecuteRun, RunRef } from '@pypes/contract/runs';
import { createSlots } from './slots.ts';

/** Says that somebody else is to be asked, and when. */
export class BusyError extends Error {
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

export type ExecutionLimits = {
  readonly concurrency: number;
  /** How long a run waits for a place, in milliseconds. */
  readonly patienceMs: number;
  /** From 0 to 1. */
  readonly random: () => number;
};

/** Why an execution is to stop. A canceled run is executed all the same: somebody has to write down that it ended. */
export type StopSignals = { readonly canceled: AbortSignal; readonly lost: AbortSignal };

export type Executions = {
  /** @throws BusyError where another worker, or a later moment, suits better */
  readonly perform: (ref: RunRef, stop: StopSignals) => Promise<void>;
  /** Whether a run was sent away a moment ago: others are better off elsewhere, too. */
  readonly isCrowded: () => boolean;
  /** Takes no more, lets those under way end for `drainMs`, then tells them to stop and waits a moment longer. */
  readonly close: (drainMs: number) => Promise<void>;
};

/** How long a worker that ends waits for executions that were told to stop. */
const LET_GO_MS = 2000;
/** What another worker needs at most to be found. */
const ELSEWHERE_MS = 50;

export function createExecutions(execute: ExecuteRun, limits: ExecutionLimits): Executions {
  const slots = createSlots(limits.concurrency);
  const running = new Map<string, Promise<void>>();
  const ending = new AbortController();
  const giveBack = new AbortController();
  let sentAwayAt = Number.NEGATIVE_INFINITY;

  async function perform(ref: RunRef, { canceled, lost }: StopSignals): Promise<void> {
    const key = `${ref.tenant}/${ref.run_id}`;
    const until = performance.now() + limits.patienceMs;
    const gone = AbortSignal.any([lost, ending.signal]);
    // An attempt that Restate has let go of may still be ending here when the next one comes.
    await endedWithin(running.get(key), limits.patienceMs, gone);
    if (!(await slots.take(until - performance.now(), gone))) throw busy();
    try {
      if (ending.signal.aborted || running.has(key)) throw busy();
      lost.throwIfAborted();
      await executed(key, ref, AbortSignal.any([canceled, lost, giveBack.signal]));
    } finally {
      slots.free();
    }
  }

  async function executed(key: string, ref: RunRef, signal: AbortSignal): Promise<void> {
    const execution = Promise.resolve().then(() => execute(ref, signal));
    const settled = execution.catch(() => undefined);
    running.set(key, settled);
    try {
      await execution;
    } catch (error) {
      throw giveBack.signal.aborted ? busy() : error;
    } finally {
      running.delete(key);
    }
  }

  function busy(): BusyError {
    if (ending.signal.aborted) return new BusyError('This worker ends; another one takes the run', ELSEWHERE_MS);
    sentAwayAt = performance.now();
    // Spread, so that those who were sent away do not come back all at once.
    const retryAfterMs = 100 + Math.floor(200 * limits.random());
    return new BusyError(`All ${limits.concurrency} places of this worker are taken`, retryAfterMs);
  }

  return {
    perform,
    isCrowded: () => ending.signal.aborted || performance.now() - sentAwayAt < limits.patienceMs,
    async close(drainMs) {
      ending.abort();
      const none = new AbortController().signal;
      await endedWithin(Promise.all(running.values()), drainMs, none);
      giveBack.abort(new PypesError('unavailable', 'This worker ends; another one goes on with the run'));
      await endedWithin(Promise.all(running.values()), LET_GO_MS, none);
    },
  };
}

async function endedWithin(what: Promise<unknown> | undefined, ms: number, signal: AbortSignal): Promise<void> {
  if (what === undefined) return;
  const end = new AbortController();
  const late = sleep(ms, undefined, { signal: AbortSignal.any([signal, end.signal]) }).catch(() => undefined);
  await Promise.race([what, late]);
  end.abort();
}
