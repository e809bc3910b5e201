// Which runs nobody has, oldest first: those that wait in a queue, and those whose worker was not heard of.
import type { RunRecord } from '@pypes/contract/runs';
import { isFree } from '../../run-rules.ts';
import type { RunState } from './state.ts';

export interface Claims {
  /** What is known of a run has changed. */
  sort(state: RunState): void;
  /** The worker that had it is gone, whatever its lease says. */
  orphan(state: RunState): void;
  /** It has a worker. */
  taken(state: RunState): void;
  /** Oldest first; they stay free until they are taken. */
  next(limit: number, now: number): readonly RunState[];
  /** How long the queue is, with what was taken past it and is not forgotten yet. */
  readonly length: number;
}

const FEW = 1_024;

export function createClaims(recordOf: (state: RunState) => RunRecord): Claims {
  /** Sorted; has runs that are not queued any more, until they come to its head. */
  let queue: RunState[] = [];
  let head = 0;
  const queued = new Set<RunState>();
  const running = new Set<RunState>();
  const orphans = new Set<RunState>();
  /** No lease ends before. */
  let earliest = Number.POSITIVE_INFINITY;

  function enqueue(state: RunState): void {
    if (queued.has(state)) return;
    queued.add(state);
    if (queue.length > FEW && queue.length > queued.size * 2) tidy();
    let at = queue.length;
    if (isOlder(state, queue[at - 1])) {
      let low = head;
      while (low < at) {
        const middle = (low + at) >> 1;
        if (isOlder(state, queue[middle])) at = middle;
        else low = middle + 1;
      }
    }
    queue.splice(at, 0, state);
  }

  function waiting(limit: number): readonly RunState[] {
    while (head < queue.length && !queued.has(queue[head] as RunState)) head += 1;
    const chosen = new Set<RunState>();
    for (let at = head; at < queue.length && chosen.size < limit; at++) {
      const state = queue[at] as RunState;
      if (queued.has(state)) chosen.add(state);
    }
    return [...chosen];
  }

  /** A run that came back to the queue stands in it twice, if it has not been tidied since. */
  function tidy(): void {
    queue = [...new Set(queue.slice(head))].filter((state) => queued.has(state));
    head = 0;
  }

  function expired(now: number): readonly RunState[] {
    if (earliest > now) return [...orphans];
    earliest = Number.POSITIVE_INFINITY;
    const free: RunState[] = [];
    for (const state of running) {
      const record = recordOf(state);
      if (orphans.has(state) || isFree(record, now)) free.push(state);
      earliest = Math.min(earliest, record.lease_until ?? 0);
    }
    return free;
  }

  return {
    get length() {
      return queue.length;
    },
    sort(state) {
      const record = recordOf(state);
      if (record.status === 'queued') enqueue(state);
      else queued.delete(state);
      if (record.status === 'running') {
        running.add(state);
        earliest = Math.min(earliest, record.lease_until ?? 0);
      } else {
        running.delete(state);
        orphans.delete(state);
      }
    },
    orphan(state) {
      orphans.add(state);
    },
    taken(state) {
      orphans.delete(state);
    },
    next(limit, now) {
      return [...expired(now), ...waiting(limit)].sort((a, b) => (isOlder(a, b) ? -1 : 1)).slice(0, limit);
    },
  };
}

function isOlder(a: RunState, b: RunState | undefined): boolean {
  return b !== undefined && a.run_id < b.run_id;
}
