// Which workers belong to which pack, whenever these end: with workers that the test starts, answers for and ends.
import { PypesError } from '@pypes/contract';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Worker, WorkerOwner } from '../process/worker.ts';
import type { PoolJob } from './group.ts';
import { createPool } from './pool.ts';

const IDLE_MS = 1_000;

/** As far as a pool looks at one. */
class FakeWorker {
  isReady = false;
  isEnding = false;
  isBlocked = false;
  canQueue = false;
  idleSince = 0;
  backlog = 0;
  readonly keys = new Set<string>();
  readonly stale: string[] = [];
  readonly jobs: PoolJob[] = [];
  owner!: WorkerOwner;

  get job(): PoolJob | undefined {
    return this.jobs[0];
  }
  get jobCount(): number {
    return this.jobs.length;
  }
  start(job: PoolJob): void {
    this.jobs.push(job);
  }
  look(): boolean {
    return false;
  }
  takeBack(): readonly PoolJob[] {
    return [];
  }
  kill(): void {
    this.isEnding = true;
  }

  ready(): void {
    this.isReady = true;
    this.owner.onReady(this as unknown as Worker);
  }
  answer(): void {
    this.owner.onIdle(this as unknown as Worker, false, this.jobs.shift() as PoolJob, 1_000_000);
  }
  /** It ends; of these it had not begun with any. */
  end(left: readonly PoolJob[] = []): void {
    this.jobs.length = 0;
    this.owner.onGone(this as unknown as Worker, new PypesError('handler_failed', 'It has ended'), left);
  }
}

const job = (key = 'a.py') => ({ file: { key, load: {} }, onRefused: vi.fn() }) as unknown as PoolJob;

function createFakePool(maxWorkers: number) {
  const workers: FakeWorker[] = [];
  const start = () => {
    const worker = new FakeWorker();
    workers.push(worker);
    return worker as unknown as Worker;
  };
  return { pool: createPool({ maxWorkers, idleMs: IDLE_MS, start }), workers };
}

beforeEach(() =>
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'performance'] }),
);
afterEach(() => vi.useRealTimers());

it('knows the worker of a pack that was called while its last one was ending', () => {
  const { pool, workers } = createFakePool(4);
  pool.submit('pack', job());
  workers[0]?.ready();
  workers[0]?.answer();
  // Nothing is called: it is told to end, which takes its time.
  vi.advanceTimersByTime(2 * IDLE_MS);
  expect(workers[0]).toMatchObject({ isEnding: true });
  const [second, third] = [job(), job()];
  pool.submit('pack', second);
  const next = workers.at(-1) as FakeWorker;
  expect(next).not.toBe(workers[0]);
  workers[0]?.end();
  next.ready();
  expect(next.job).toBe(second);
  next.answer();
  const count = workers.length;
  pool.submit('pack', third);
  expect(next.job).toBe(third);
  expect(workers).toHaveLength(count);
  pool.close();
  expect(workers.map(({ isEnding }) => isEnding)).not.toContain(false);
});

it('gives calls that an ending worker had not begun with to the worker that the pack has now', () => {
  const { pool, workers } = createFakePool(4);
  const [begun, waiting, later] = [job(), job(), job('b.py')];
  pool.submit('pack', begun);
  workers[0]?.ready();
  // Packs without workers are looked for while another one has idle ones.
  pool.submit('other', job());
  workers[1]?.ready();
  workers[1]?.answer();
  pool.forget('a.py', true);
  expect(workers[0]).toMatchObject({ isEnding: true });
  vi.advanceTimersByTime(2 * IDLE_MS);
  pool.submit('pack', later);
  const next = workers.at(-1) as FakeWorker;
  next.ready();
  expect(next.job).toBe(later);
  workers[0]?.end([waiting]);
  next.answer();
  expect(next.job).toBe(waiting);
  pool.close();
  expect(workers.map(({ isEnding }) => isEnding)).not.toContain(false);
});
