// What is decided before it is seen: a disk whose flushes are held back shows who sees what, and what a refusal undoes.
import type * as fs from 'node:fs';
import { join } from 'node:path';
import type { RunRecord, RunStore } from '@pypes/contract/runs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { newRoot } from '../../testing/roots.ts';
import { finished, linesOf, NOW, newRun, next, readAll, startRun } from '../../testing/runs-made.ts';
import { createFilesystemRunStore } from './index.ts';

const disk = vi.hoisted(() => ({ isHeld: false, isFull: false, held: [] as (() => void)[] }));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  return {
    ...real,
    writeSync(...args: Parameters<typeof real.writeSync>) {
      if (disk.isFull) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
      return real.writeSync(...args);
    },
    fdatasync(file: number, done: (error: Error | null) => void) {
      const flush = () => real.fdatasync(file, done);
      if (disk.isHeld) disk.held.push(flush);
      else flush();
    },
  };
});

let store: RunStore;
let run: RunRecord;
beforeEach(async () => {
  Object.assign(disk, { isHeld: false, isFull: false, held: [] });
  store = createFilesystemRunStore({ folder: join(newRoot(), 'runs') });
  run = await startRun(store, 1);
});
afterEach(() => store.close());

/** What is asked from now on is written, and its flush waits. */
function hold(): void {
  disk.isHeld = true;
}
async function release(): Promise<void> {
  disk.isHeld = false;
  for (const flush of disk.held.splice(0)) flush();
}
const written = () => new Promise((resolve) => setImmediate(resolve)).then(() => new Promise(setImmediate));
const TAKE = { now: NOW, leaseMs: 1_000 };

it('shows a change of status, and what came with it, when the disk has it', async () => {
  hold();
  const ending = store.update(run, finished(run), linesOf(1, 2));
  const making = store.create(newRun(2));
  await written();
  expect([await store.get(run), await store.last(run, 'events'), await store.get(newRun(2))]).toEqual([
    run,
    0,
    undefined,
  ]);
  expect((await store.list('', { limit: 9 })).map(({ run_id }) => run_id)).toEqual([run.run_id]);
  expect(await store.claim('next', { limit: 9, ...TAKE })).toEqual([]);
  await release();
  expect([await ending, (await making).isNew]).toEqual([true, true]);
  expect([(await store.get(run))?.status, await readAll(store, run)]).toEqual(['finished', linesOf(1, 2).lines]);
});

it('shows lines at once, but none before the change they follow', async () => {
  expect(await store.append({ ...run, attempt: 1 }, 'events', linesOf(1, 1))).toBe(true);
  hold();
  const asked = next(run, { cancel_requested_at: '2026-03-01T12:00:00.500Z' });
  const asking = store.update(run, asked);
  const appending = store.append({ ...run, attempt: 1 }, 'events', linesOf(2, 1));
  await written();
  expect([await store.last(run, 'events'), (await store.get(run))?.version]).toEqual([1, 2]);
  await release();
  expect([await asking, await appending]).toEqual([true, true]);
  expect([await store.last(run, 'events'), (await store.get(run))?.version]).toEqual([2, 3]);
});

it('tells who lost when the winner can be seen', async () => {
  hold();
  const winner = store.update(run, finished(run));
  let isTold = false;
  const loser = store.update(run, next(run, {})).then(async (isMine) => {
    isTold = true;
    return [isMine, (await store.get(run))?.status];
  });
  const late = store.append({ ...run, attempt: 1 }, 'events', linesOf(1, 1));
  await written();
  expect(isTold).toBe(false);
  await release();
  expect([await winner, await loser, await late]).toEqual([true, [false, 'finished'], false]);
});

it('makes one run of two that ask with one key, also while the first is on its way', async () => {
  hold();
  const both = [2, 3].map((number) => store.create(newRun(number, { idempotency_key: 'once' })));
  const same = store.create(newRun(2)).catch((error: { code: string }) => error.code);
  await written();
  await release();
  expect((await Promise.all(both)).map(({ isNew, record }) => [isNew, record.run_id])).toEqual([
    [true, 'run-000002'],
    [false, 'run-000002'],
  ]);
  expect(await same).toBe('conflict');
});

it('undoes what the disk refused, and not what it has', async () => {
  hold();
  const asked = next(run, { cancel_requested_at: '2026-03-01T12:00:00.500Z' });
  const asking = store.update(run, asked, linesOf(1, 2));
  await written();
  disk.isFull = true;
  const refused = [
    store.append({ ...run, attempt: 1 }, 'events', linesOf(3, 2)),
    store.append({ ...run, attempt: 1 }, 'events', linesOf(5, 1)),
    store.update(asked, finished(asked), linesOf(6, 1)),
    store.create(newRun(2, { idempotency_key: 'once' })),
  ];
  for (const each of refused) await expect(each).rejects.toMatchObject({ code: 'unavailable' });
  disk.isFull = false;
  const again = store.append({ ...run, attempt: 1 }, 'events', linesOf(3, 1));
  const wrong = store.append({ ...run, attempt: 1 }, 'events', linesOf(6, 1));
  await written();
  await release();
  expect([await asking, await again, await wrong]).toEqual([true, true, false]);
  expect(await readAll(store, run)).toEqual(linesOf(1, 3).lines);
  expect(await store.get(run)).toEqual(asked);
  expect((await store.create(newRun(3, { idempotency_key: 'once' }))).isNew).toBe(true);
  expect(await store.update(asked, finished(asked), linesOf(4, 1))).toBe(true);
});

it('keeps the lease that was renewed where an update was refused', async () => {
  await store.renew('worker', [run], NOW + 90_000);
  disk.isFull = true;
  await expect(store.update(run, next(run, {}))).rejects.toMatchObject({ code: 'unavailable' });
  disk.isFull = false;
  expect(await store.claim('next', { limit: 9, ...TAKE, now: NOW + 60_000 })).toEqual([]);
  expect((await store.get(run))?.lease_until).toBe(NOW + 90_000);
});

it('gives a run again where taking it was refused', async () => {
  await store.create(newRun(2));
  disk.isFull = true;
  await expect(store.claim('next', { limit: 9, ...TAKE })).rejects.toMatchObject({ code: 'unavailable' });
  await expect(store.take(run, 'next', TAKE)).rejects.toMatchObject({ code: 'unavailable' });
  disk.isFull = false;
  expect(await store.get(run)).toEqual(run);
  expect((await store.claim('next', { limit: 9, ...TAKE })).map(({ run_id }) => run_id)).toEqual(['run-000002']);
  const late = await store.claim('next', { limit: 9, ...TAKE, now: NOW + 60_000 });
  expect(late.map(({ run_id, attempt }) => [run_id, attempt])).toEqual([
    ['run-000001', 2],
    ['run-000002', 2],
  ]);
});

it('refuses everything after it was closed', async () => {
  await store.close();
  await expect(store.get(run)).rejects.toMatchObject({ code: 'unavailable' });
  await expect(store.create(newRun(2))).rejects.toMatchObject({ code: 'unavailable' });
});
