// The workers of one pack, and its calls that wait for one.
import type { Limits } from '@pypes/contract';
import type { Job, Worker } from '../process/worker.ts';
import { areSaturating } from './saturation.ts';

/** A job on its way to a worker. */
export interface PoolJob extends Job {
  /** The file that it needs, and the frame that tells a worker about it. */
  readonly file: { readonly key: string; readonly load: object };
  /** It will never get a worker. */
  onRefused(error: Error): void;
  readonly limits?: Limits;
  waitingSince?: number;
  /** Where it runs or waits for others to end, once it does. */
  worker?: Worker;
  /** How long it was expected to take when it was given to its worker, in microseconds. */
  expected?: number;
}

export type Group = {
  readonly packGuid: string;
  readonly workers: Set<Worker>;
  /** The most recently used is last. */
  readonly idle: Worker[];
  readonly queue: PoolJob[];
  /** How long calls of a file take, in microseconds. */
  readonly paces: Map<string, number>;
  starting: number;
  /** Jobs finished since the last look. */
  finished: number;
  /** Looks in a row that found the group stuck, or slow. */
  stuckLooks: number;
  slowLooks: number;
};

export function createGroup(packGuid: string): Group {
  return {
    packGuid,
    workers: new Set(),
    idle: [],
    queue: [],
    paces: new Map(),
    starting: 0,
    finished: 0,
    stuckLooks: 0,
    slowLooks: 0,
  };
}

/** The most recently used idle worker that has loaded the file, else the most recently used one; none that has ended. */
export function takeIdle({ idle }: Pick<Group, 'idle'>, key: string): Worker | undefined {
  const loaded = idle.findLastIndex(({ isEnding, keys }) => !isEnding && keys.has(key));
  const at = loaded >= 0 ? loaded : idle.findLastIndex(({ isEnding }) => !isEnding);
  return at < 0 ? undefined : idle.splice(at, 1)[0];
}

/** The group that should get the next free worker instead of `group`, where all may have no more. */
export function findNeedier(groups: Iterable<Group>, group: Group): Group | undefined {
  const since = group.queue[0]?.waitingSince ?? Number.POSITIVE_INFINITY;
  let needier: Group | undefined;
  for (const other of groups) {
    const head = other.queue[0];
    if (other === group || head === undefined) continue;
    const isOlder = other.workers.size === 0 && (head.waitingSince ?? 0) <= since;
    if (!isOlder && other.workers.size + 1 >= group.workers.size) continue;
    if (needier === undefined || other.workers.size < needier.workers.size) needier = other;
  }
  return needier;
}

/** Looks in a row in which nothing was finished: the group is stuck behind long calls. A host that is late looks less. */
const STUCK_LOOKS = 2;
/** The same where the processors are busy, be it with calls or with workers that start. */
const STUCK_LOOKS_WHILE_BUSY = 10;
/** Waiting for workers that free themselves is cheaper than starting one, up to this long. */
const PATIENCE_MS = 200;
/** Looks in a row in which the queue would have taken longer. */
const IMPATIENT_LOOKS = 5;
const STARTS_AT_ONCE = 8;

/** How many workers a group should get now, `elapsedMs` after the last look. */
export function countMissing(group: Group, elapsedMs: number): number {
  const { queue, workers, starting, finished } = group;
  if (queue.length === 0) return 0;
  if (workers.size === 0) return 1;
  // The first worker is on its way: it will show how long the calls are.
  if (workers.size === starting) return 0;
  // Looks at every worker's process: asked only where it decides something.
  const isBusy = () => starting > 0 || areSaturating(workers);
  const missing = Math.max(0, queue.length - starting);
  group.stuckLooks = finished === 0 && isStuck(workers) ? group.stuckLooks + 1 : 0;
  if (group.stuckLooks >= STUCK_LOOKS && (group.stuckLooks >= STUCK_LOOKS_WHILE_BUSY || !isBusy())) {
    group.stuckLooks = 0;
    return Math.min(missing, STARTS_AT_ONCE - starting);
  }
  const isSlow = finished > 0 && (queue.length * elapsedMs) / finished > PATIENCE_MS && !isBusy();
  group.slowLooks = isSlow ? group.slowLooks + 1 : 0;
  return group.slowLooks >= IMPATIENT_LOOKS ? Math.min(missing, 1) : 0;
}

/** No worker is known to go on: those that queue are looked at more closely. */
function isStuck(workers: Iterable<Worker>): boolean {
  for (const worker of workers) if (worker.canQueue) return false;
  return true;
}
