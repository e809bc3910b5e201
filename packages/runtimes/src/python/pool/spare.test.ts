// When there is a spare worker: after calls, not while nobody calls, and never after the end.
import { expect, test, vi } from 'vitest';
import type { Worker, WorkerOwner } from '../process/worker.ts';
import type { PoolJob } from './group.ts';
import { createPool } from './pool.ts';
import { createSpare } from './spare.ts';

test('starts nothing after it was closed', () => {
  vi.useFakeTimers();
  try {
    const start = vi.fn(() => ({ kill: () => {} }) as never);
    const spare = createSpare(start);
    spare.refill();
    vi.runAllTimers();
    expect(start).toHaveBeenCalledTimes(1);
    expect(spare.take()).toBeDefined();
    spare.refill();
    spare.close();
    spare.refill();
    vi.runAllTimers();
    expect(start).toHaveBeenCalledTimes(1);
    expect(spare.take()).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});

test('is ended while nobody calls, and there again after the next call', () => {
  vi.useFakeTimers();
  try {
    const kill = vi.fn();
    const spare = createSpare(() => ({ kill }) as never);
    spare.refill();
    vi.runAllTimers();
    spare.rest();
    expect(kill).toHaveBeenCalledTimes(1);
    expect(spare.take()).toBeUndefined();
    spare.refill();
    vi.runAllTimers();
    expect(spare.take()).toBeDefined();
  } finally {
    vi.useRealTimers();
  }
});

test('stands beside a pool whenever that has been called, also after a rest', () => {
  vi.useFakeTimers();
  try {
    const started: { owner?: WorkerOwner; isKilled: boolean }[] = [];
    const start = () => {
      const worker = { isReady: true, isKilled: false, keys: new Set(), stale: [], jobCount: 0, backlog: 0 };
      started.push(worker);
      return Object.assign(worker, {
        start: () => undefined,
        kill() {
          worker.isKilled = true;
        },
      }) as unknown as Worker;
    };
    const pool = createPool({ maxWorkers: 4, idleMs: 1_000, start });
    const call = () => {
      const job = { file: { key: 'a', load: {} } } as PoolJob;
      pool.submit('pack', job);
      const worker = job.worker as Worker;
      (worker as unknown as { owner: WorkerOwner }).owner.onIdle(worker, false, job, undefined);
    };
    call();
    vi.advanceTimersByTime(500);
    expect(started.map(({ isKilled }) => isKilled)).toEqual([false, false]);
    vi.advanceTimersByTime(1_500);
    expect(started.map(({ isKilled }) => isKilled)).toEqual([true, true]);
    call();
    vi.advanceTimersByTime(500);
    expect(started.map(({ isKilled }) => isKilled)).toEqual([true, true, false, false]);
    pool.close();
    expect(started.every(({ isKilled }) => isKilled)).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});
