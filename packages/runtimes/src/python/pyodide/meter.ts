// Watches workerd from outside, since it enforces no limits itself: processor time, memory, and work between calls.
import { PypesError } from '@pypes/contract';
import type { PoolJob } from '../pool/group.ts';
import type { Job, Worker } from '../process/worker.ts';
import { readUsages, type Usage } from './usage.ts';

const LOOK_MS = 50;
/** Idle sandboxes are looked at less often. */
const IDLE_LOOKS = 20;
/** What a call may spend beyond its limit: V8 compiles Pyodide's own code meanwhile, in other threads. */
const COMPILING_MS = 1_000;
const COMPILING_BYTES = 128 * 1024 * 1024;
/** Jobs without limits of their own: reading files. */
const READING = { cpuMs: 5_000, guestBytes: 256 * 1024 * 1024 };
/** What a worker that does nothing may use between two looks: compiling, and clearing up after a call. */
const IDLE_CPU_MS = 500;

/** A worker when it was first seen, and at the last look. */
type Record = { readonly first: Usage; last: Usage; job: Job | undefined; usedMs: number };

/** Looks after the workers until the returned function is called. */
export function watchWorkers(workers: ReadonlySet<Worker>): () => void {
  const records = new WeakMap<Worker, Record>();
  let looks = 0;
  let isLooking = false;

  async function look(): Promise<void> {
    looks++;
    const due = new Map<number, Worker>();
    for (const worker of workers) {
      const isDue = worker.job !== undefined || records.get(worker)?.job !== undefined || looks % IDLE_LOOKS === 0;
      if (worker.isReady && isDue && worker.pid !== undefined) due.set(worker.pid, worker);
    }
    for (const [pid, usage] of await readUsages([...due.keys()])) {
      const worker = due.get(pid);
      const error = worker === undefined ? undefined : check(worker, usage);
      if (error !== undefined) worker?.kill(error);
    }
  }

  function check(worker: Worker, usage: Usage): PypesError | undefined {
    const { job } = worker;
    const before = records.get(worker) ?? { first: usage, last: usage, job: undefined, usedMs: 0 };
    const spentMs = usage.cpuMs - before.last.cpuMs;
    // What was spent since the last look counts for the job that is there now, but never more than the time passed.
    const usedMs = job === before.job ? before.usedMs + spentMs : Math.min(spentMs, LOOK_MS);
    records.set(worker, { first: before.first, last: usage, job, usedMs });
    const { cpuMs, guestBytes } = (job as Pick<PoolJob, 'limits'> | undefined)?.limits ?? READING;
    if (usage.memoryBytes > before.first.memoryBytes + guestBytes + COMPILING_BYTES)
      return exhausted('guest_bytes', guestBytes, 'used more bytes of memory than');
    if (job !== undefined) {
      const isOver = usedMs > cpuMs + Math.min(COMPILING_MS, cpuMs);
      return isOver ? exhausted('cpu_ms', cpuMs, 'used more milliseconds of processor time than') : undefined;
    }
    const isRestless = before.job === undefined && spentMs > IDLE_CPU_MS * 2 && looks % IDLE_LOOKS === 0;
    return isRestless ? new PypesError('resource_exhausted', 'The sandbox went on computing between calls') : undefined;
  }

  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    look().finally(() => {
      isLooking = false;
    });
  }, LOOK_MS).unref();
  return () => clearInterval(timer);
}

function exhausted(limit: string, maximum: number, did: string): PypesError {
  return new PypesError('resource_exhausted', `The agent ${did} the ${maximum} that a sandbox may`, {
    details: { limit, maximum },
  });
}
