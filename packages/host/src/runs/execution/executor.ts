// The runs that this process has under way: executed, kept by renewed leases, stopped when they are to stop.
import type { ExecuteRun, RunRecord, RunRef } from '@pypes/contract/runs';
import type { RunTrouble } from '../options.ts';
import { ActiveRun } from './active-run.ts';
import { type ExecuteParts, executeRun } from './execute-run.ts';
import { persist } from './persist.ts';
import { within } from './within.ts';

/** What an executor stands on. */
export type ExecutorOptions = Omit<ExecuteParts, 'persist'> & {
  readonly owner: string;
  readonly leaseMs: number;
  readonly onTrouble: (trouble: RunTrouble) => void;
};

/** Executes runs. */
export interface Executor {
  /** Takes the run, whoever has it, and executes it: for engines that know that nobody else does. */
  readonly execute: ExecuteRun;
  /** The same for a run that this worker has claimed. */
  executeClaimed(record: RunRecord, signal?: AbortSignal): Promise<void>;
  /** Interrupts a run that somebody asked to cancel; false where it is not here. */
  cancel(ref: RunRef): boolean;
  /** Looks now whether runs were lost or are to be canceled. */
  renew(): Promise<void>;
  readonly active: number;
  /** How many wait for a store that fails. */
  readonly troubled: number;
  /** Waits for those under way, for `graceMs`, then leaves them to the next process. */
  close(graceMs: number): Promise<void>;
}

const RENEWALS = 3;

export function createExecutor(options: ExecutorOptions): Executor {
  const { store, owner, leaseMs, now, onTrouble } = options;
  const active = new Map<string, ActiveRun>();
  const executions = new Set<Promise<void>>();
  const troubled = new Set<ActiveRun>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let renewalFailures = 0;
  let isClosing = false;

  const parts: ExecuteParts = {
    ...options,
    async persist(run, what, work) {
      const onFailure = (error: unknown, failures: number) => {
        troubled.add(run);
        onTrouble({ ref: run.ref, what, error, failures });
      };
      try {
        return await persist(work, { onFailure, isOver: () => run.isLeft });
      } finally {
        troubled.delete(run);
      }
    },
  };

  async function executeClaimed(record: RunRecord, signal?: AbortSignal): Promise<void> {
    const run = new ActiveRun(record);
    // A worker that lost a run may get it again: what it had begun is not what it has now.
    active.get(record.run_id)?.stop('lost');
    active.set(record.run_id, run);
    timer ??= setInterval(() => void renew(), leaseMs / RENEWALS);
    if (isClosing) run.stop('handover');
    const unfollow = signal === undefined ? undefined : followSignal(signal, run);
    const execution = executeRun(run, parts);
    executions.add(execution);
    try {
      await execution;
    } catch (error) {
      // Left to another worker in order, or by an error that nobody thought of: then somebody has to hear of it.
      if (!run.isLeft) onTrouble({ ref: run.ref, what: 'execute', error, failures: 1 });
      throw error;
    } finally {
      unfollow?.();
      executions.delete(execution);
      if (active.get(record.run_id) === run) active.delete(record.run_id);
      if (active.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
    }
  }

  /** An engine interrupts a run because it was canceled, or because its worker has to go. */
  function followSignal(signal: AbortSignal, run: ActiveRun): () => void {
    const stop = () =>
      void store.get(run.ref).then(
        (record) => run.stop(record?.cancel_requested_at === undefined ? 'handover' : 'cancel'),
        () => run.stop('handover'),
      );
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    return () => signal.removeEventListener('abort', stop);
  }

  async function renew(): Promise<void> {
    const runs = [...active.values()].filter((run) => !run.isLeft);
    if (runs.length === 0) return;
    try {
      const refs = runs.map(({ ref }) => ref);
      const { lost, canceled } = await store.renew(owner, refs, now() + leaseMs);
      renewalFailures = 0;
      const [isLost, isCanceled] = [new Set(lost), new Set(canceled)];
      for (const run of runs) {
        if (isLost.has(run.ref.run_id)) run.stop('lost');
        else if (isCanceled.has(run.ref.run_id)) run.stop('cancel');
      }
    } catch (error) {
      renewalFailures += 1;
      onTrouble({ what: 'renew', error, failures: renewalFailures });
    }
  }

  return {
    executeClaimed,
    async execute(ref, signal) {
      const record = await store.take(ref, owner, { now: now(), leaseMs });
      if (record !== undefined) await executeClaimed(record, signal);
    },
    cancel({ tenant, run_id: id }) {
      const run = active.get(id);
      if (run?.ref.tenant !== tenant) return false;
      run.stop('cancel');
      return true;
    },
    renew,
    get active() {
      return active.size;
    },
    get troubled() {
      return troubled.size;
    },
    async close(graceMs) {
      isClosing = true;
      const all = () => Promise.allSettled([...executions]);
      if (executions.size > 0 && graceMs > 0) await within(graceMs, all());
      for (const run of active.values()) run.stop('handover');
      while (executions.size > 0) await all();
      clearInterval(timer);
    },
  };
}
