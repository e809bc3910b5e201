// The inspector's worker: when it ends, and what becomes of files that come just then.
import { PypesError } from '@pypes/contract';
import { afterEach, expect, it, vi } from 'vitest';
import type { Job, Worker, WorkerOwner } from '../process/worker.ts';
import { createInspector } from './inspector.ts';

const IDLE_MS = 1_000;
const FILE = { path: 'a.py', source: '' };
const FOUND = { agents: [] };

/** A process that is told to end takes its time, and answers nothing any more. */
function createFakeWorkers() {
  const workers: { readonly jobs: Job[]; isKilled: boolean; end(): void }[] = [];
  const start = (): Worker => {
    const jobs: Job[] = [];
    const fake = {
      owner: undefined as WorkerOwner | undefined,
      isReady: true,
      job: undefined as Job | undefined,
      start(job: Job) {
        jobs.push(job);
        fake.job = job;
      },
      kill() {
        known.isKilled = true;
      },
    };
    const worker = fake as unknown as Worker;
    const known = {
      jobs,
      isKilled: false,
      /** Its only job is answered, or lost where it was killed. */
      end() {
        const job = fake.job;
        fake.job = undefined;
        if (!known.isKilled) {
          job?.onAnswer(true, [FOUND], 2);
          fake.owner?.onIdle(worker, false, job as Job, undefined);
          return;
        }
        const error = new PypesError('handler_failed', 'ended');
        job?.onEnd(error);
        fake.owner?.onGone(worker, error, []);
      },
    };
    workers.push(known);
    return worker;
  };
  return { workers, start };
}

afterEach(() => {
  vi.useRealTimers();
});

it('reads with one worker until nothing came for a while', async () => {
  vi.useFakeTimers();
  const { workers, start } = createFakeWorkers();
  const inspector = createInspector(start, IDLE_MS);
  for (let count = 0; count < 3; count++) {
    const reading = inspector.read(FILE);
    workers[0]?.end();
    expect(await reading).toEqual(FOUND);
    vi.advanceTimersByTime(IDLE_MS - 1);
  }
  expect(workers).toMatchObject([{ isKilled: false }]);
  vi.advanceTimersByTime(1);
  expect(workers).toMatchObject([{ isKilled: true }]);
  inspector.close();
});

it('gives no file to a worker that was told to end', async () => {
  vi.useFakeTimers();
  const { workers, start } = createFakeWorkers();
  const inspector = createInspector(start, IDLE_MS);
  const first = inspector.read(FILE);
  workers[0]?.end();
  await first;
  vi.advanceTimersByTime(IDLE_MS);
  const reading = inspector.read(FILE);
  expect(workers).toMatchObject([{ isKilled: true }, { isKilled: false }]);
  // That the first one has ended by now is nothing to the second.
  workers[0]?.end();
  workers[1]?.end();
  expect(await reading).toEqual(FOUND);
  expect(workers.map(({ jobs }) => jobs.length)).toEqual([1, 1]);
  inspector.close();
});
