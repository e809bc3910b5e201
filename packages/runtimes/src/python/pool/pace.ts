// How long calls take, learned from those that have ended: several go to one worker only behind calls that are quick.
import type { Worker } from '../process/worker.ts';
import type { Group, PoolJob } from './group.ts';

/** The weight of the newest call: one slow call shows at once, and is forgotten after some quick ones. */
const WEIGHT = 0.25;
/** Longer than anybody waits. */
const UNKNOWN = 1e9;
/** As many fit into a write, and into the patience of the last one. */
const MOST_JOBS = 16;

/** A call has ended. */
export function learnPace({ paces }: Group, { file }: PoolJob, micros: number): void {
  const before = paces.get(file.key) ?? micros;
  paces.set(file.key, before + (micros - before) * WEIGHT);
}

/** A job is given to a worker. A file that is new to it is loaded first, which takes as long as it takes. */
export function addExpected({ paces }: Group, worker: Worker, job: PoolJob): void {
  const { key } = job.file;
  job.expected = (worker.keys.has(key) ? paces.get(key) : undefined) ?? UNKNOWN;
  worker.backlog += job.expected;
}

/** A job is no longer the worker's. */
export function dropExpected(worker: Worker, job: PoolJob): void {
  worker.backlog = worker.jobCount === 0 ? 0 : worker.backlog - (job.expected ?? 0);
}

/** The busy worker that will be free soonest, where that is within so many microseconds. */
export function findQuick(group: Group, patience: number): Worker | undefined {
  let best: Worker | undefined;
  for (const worker of group.workers) {
    const { jobCount, backlog, canQueue } = worker;
    if (jobCount === 0 || jobCount >= MOST_JOBS || backlog > patience || !canQueue) continue;
    if (best === undefined || backlog < best.backlog) best = worker;
  }
  return best;
}
