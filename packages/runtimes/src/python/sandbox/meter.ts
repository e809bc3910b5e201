// Watches sandboxes from outside: processor time of each call, threads, files, and work that goes on between calls.
import { PypesError } from '@pypes/contract';
import type { PoolJob } from '../pool/group.ts';
import type { Job, Worker } from '../process/worker.ts';
import { countFiles, readStat } from './proc.ts';

const LOOK_MS = 100;
/** Idle sandboxes are looked at less often. */
const IDLE_LOOKS = 10;
const MOST_THREADS = 96;
const MOST_FILES = 8_192;
/** Jobs without limits of their own: reading files. */
const READING_CPU_MS = 5_000;
/** What a worker that does nothing may use between two looks: clearing up after a call. */
const IDLE_CPU_MS = 100;

/** A worker as it was at the last look. */
type Record = { cpuMs: number; job: Job | undefined; usedMs: number };

const UNSEEN: Record = { cpuMs: 0, job: undefined, usedMs: 0 };

/** Looks after the workers until the returned function is called. */
export function watchWorkers(workers: ReadonlySet<Worker>): () => void {
  const records = new WeakMap<Worker, Record>();
  let looks = 0;

  function look(): void {
    looks++;
    for (const worker of workers) {
      const record = records.get(worker);
      if (worker.isReady && (worker.job !== undefined || record?.job !== undefined || looks % IDLE_LOOKS === 0)) {
        const error = check(worker, record);
        if (error !== undefined) worker.kill(error);
      }
    }
  }

  function check(worker: Worker, before: Record | undefined): PypesError | undefined {
    const { pid } = worker;
    if (pid === undefined) {
      // It may be on its way out; what cannot be watched does not run.
      if (before === UNSEEN) return new PypesError('unavailable', 'The process of a sandbox cannot be found');
      records.set(worker, UNSEEN);
      return undefined;
    }
    const stat = readStat(pid);
    if (stat === undefined) return undefined;
    const spentMs = stat.cpuMs - (before?.cpuMs ?? 0);
    const { job } = worker;
    // What a job used before the first look at it may have been another's: it is a gift.
    const usedMs = job === before?.job ? (before?.usedMs ?? 0) + spentMs : 0;
    records.set(worker, { cpuMs: stat.cpuMs, job, usedMs });
    if (stat.threads > MOST_THREADS) return exhausted('threads', MOST_THREADS, 'had more threads than');
    if (countFiles(pid) > MOST_FILES) return exhausted('files', MOST_FILES, 'wrote more files than');
    if (job !== undefined) {
      const maximum = cpuLimit(job);
      return usedMs > maximum
        ? exhausted('cpu_ms', maximum, 'used more milliseconds of processor time than')
        : undefined;
    }
    const isRestless = before !== undefined && before.job === undefined && spentMs > IDLE_CPU_MS;
    return isRestless ? new PypesError('resource_exhausted', 'The sandbox went on computing between calls') : undefined;
  }

  const timer = setInterval(look, LOOK_MS).unref();
  return () => clearInterval(timer);
}

function cpuLimit(job: Job): number {
  return (job as Pick<PoolJob, 'limits'>).limits?.cpuMs ?? READING_CPU_MS;
}

function exhausted(limit: string, maximum: number, did: string): PypesError {
  return new PypesError('resource_exhausted', `The agent ${did} the ${maximum} that a sandbox may`, {
    details: { limit, maximum },
  });
}
