// The workers of one pack, and its calls that wait for one.
import type { Job, Worker } from '../process/worker.ts';

/** A job on its way to a worker. */
export interface PoolJob extends Job {
  /** The file that it needs, and the frame that tells a worker about it. */
  readonly file: { readonly key: string; readonly load: object };
  /** It will never get a worker. */
  onRefused(error: Error): void;
  waitingSince?: number;
  /** Where it runs, once it does. */
  worker?: Worker;
}

export type Group = {
  readonly packGuid: string;
  readonly workers: Set<Worker>;
  /** The most recently used is last. */
  readonly idle: Worker[];
  readonly queue: PoolJob[];
  starting: number;
  /** Jobs finished since the last look, and when the last of them was. */
  finished: number;
  lastFinish: number;
};

export function createGroup(packGuid: string): Group {
  return { packGuid, workers: new Set(), idle: [], queue: [], starting: 0, finished: 0, lastFinish: 0 };
}

/** The most recently used idle worker that has loaded the file, else the most recently used one. */
export function takeIdle(group: Group, key: string): Worker | undefined {
  const { idle } = group;
  for (let at = idle.length - 1; at >= 0; at--) {
    if ((idle[at] as Worker).keys.has(key)) return idle.splice(at, 1)[0];
  }
  return idle.pop();
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

/** A group whose workers have finished nothing for this long is stuck behind long calls. */
const STUCK_MS = 20;
/** Waiting for workers that free themselves is cheaper than starting one, up to this long. */
const PATIENCE_MS = 200;
const STARTS_AT_ONCE = 8;

/** How many workers a group should get now, `elapsedMs` after the last look. */
export function countMissing(group: Group, now: number, elapsedMs: number): number {
  const { queue, workers, starting, finished, lastFinish } = group;
  const since = queue[0]?.waitingSince;
  if (since === undefined) return 0;
  if (workers.size === 0) return 1;
  // The first worker is on its way: it will show how long the calls are.
  if (workers.size === starting) return 0;
  const missing = Math.max(0, queue.length - starting);
  if (now - Math.max(since, lastFinish) >= STUCK_MS) return Math.min(missing, STARTS_AT_ONCE - starting);
  const waitMs = finished === 0 ? 0 : (queue.length * elapsedMs) / finished;
  return waitMs > PATIENCE_MS ? Math.min(missing, 1) : 0;
}
