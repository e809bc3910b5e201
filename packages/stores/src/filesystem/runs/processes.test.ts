// Several processes on one folder: each works on its own runs, all see all, and the runs of a dead one are taken over.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord, RunStore } from '@pypes/contract/runs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { newRoot } from '../../testing/roots.ts';
import { finished, linesOf, NOW, newRun, next, startRun } from '../../testing/runs-made.ts';
import { createFilesystemRunStore, listRunJournals, openRunReader } from './index.ts';

const FIXTURE = join(import.meta.dirname, 'processes.fixture.ts');
const LEASE = { now: Date.now(), leaseMs: 60_000 };

let stores: RunStore[] = [];
let children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(stores.map((store) => store.close()));
  stores = [];
  children = [];
});
const open = (folder: string): RunStore => {
  const store = createFilesystemRunStore({ folder, onError: ({ message }) => expect.fail(message) });
  stores.push(store);
  return store;
};
/** A process that has the run `id`, which has begun, and `<id>-waits`, which has not. */
async function start(
  folder: string,
  id: string,
): Promise<{ child: ChildProcess; said: () => string; ref: { tenant: string; run_id: string } }> {
  const child = spawn(process.execPath, [FIXTURE, folder, id], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  await vi.waitFor(() => expect(said).toContain('ready'), { timeout: 20_000 });
  return { child, said: () => said, ref: { tenant: '', run_id: id } };
}
async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

describe('two living processes', () => {
  it('see the runs of each other, and what they write', async () => {
    const folder = newRoot();
    const store = open(folder);
    const { ref } = await start(folder, 'other');
    expect(listRunJournals(folder).map(({ name }) => name.slice(0, 4))).toEqual(['main', 'side']);
    const mine = await startRun(store, 1);
    expect(await store.get(ref)).toMatchObject({ status: 'running', owner: 'worker of other', attempt: 1 });
    expect((await store.list('', { limit: 9 })).map(({ run_id }) => run_id)).toEqual([
      mine.run_id,
      'other-waits',
      'other',
    ]);
    expect((await store.list('', { limit: 9, status: 'queued' })).map(({ run_id }) => run_id)).toEqual(['other-waits']);
    expect(await store.get({ tenant: 'acme', run_id: 'other' })).toBeUndefined();
    const seen = new Set<number>();
    await new Promise<void>((resolve) => {
      store.follow(ref, async () => {
        seen.add(await store.last(ref, 'events'));
        if (seen.size === 5) resolve();
      });
    });
    const last = await store.last(ref, 'events');
    expect(await store.read(ref, 'events', 0, last)).toEqual(
      Array.from({ length: last }, (_, index) => `{"seq":${index + 1}}`),
    );
  }, 60_000);

  it('keep their runs to themselves', async () => {
    const folder = newRoot();
    const store = open(folder);
    const { ref } = await start(folder, 'other');
    const run = (await store.get(ref)) as RunRecord;
    expect(await store.claim('thief', { limit: 9, now: NOW + 1e12, leaseMs: 1 })).toEqual([]);
    expect(await store.take(ref, 'thief', LEASE)).toBeUndefined();
    expect(
      await store.append({ ...ref, attempt: 1 }, 'events', linesOf((await store.last(ref, 'events')) + 1, 1)),
    ).toBe(false);
    expect(await store.update(run, finished(run))).toBe(false);
    expect(await store.renew('worker of other', [ref], NOW)).toEqual({ lost: ['other'], canceled: [] });
    expect((await store.get(ref))?.status).toBe('running');
  }, 60_000);

  it('ask each other to cancel, once', async () => {
    const folder = newRoot();
    const store = open(folder);
    const { ref, said } = await start(folder, 'other');
    const run = (await store.get(ref)) as RunRecord;
    const asked = next(run, { cancel_requested_at: '2026-03-01T12:00:00.500Z' });
    expect((await Promise.all([store.update(run, asked), store.update(run, asked)])).filter(Boolean)).toHaveLength(1);
    expect(await store.get(ref)).toMatchObject({ version: 3, cancel_requested_at: '2026-03-01T12:00:00.500Z' });
    await vi.waitFor(() => expect(said()).toContain('asked to cancel'), { timeout: 20_000 });
    const waiting = (await store.get({ tenant: '', run_id: 'other-waits' })) as RunRecord;
    const end = next(waiting, { status: 'canceled', finished_at: '2026-03-01T12:00:00.500Z' });
    expect(await store.update(waiting, end, linesOf(1, 1, 'canceled'))).toBe(true);
    expect([await store.get(waiting), await store.read(waiting, 'events', 0, 9)]).toEqual([
      end,
      linesOf(1, 1, 'canceled').lines,
    ]);
    const side = listRunJournals(folder).find(({ name }) => name !== 'main');
    expect(readdirSync(join(side?.folder ?? '', 'requests'))).toEqual([]);
  }, 60_000);

  it('accept one run for one key', async () => {
    const folder = newRoot();
    const [one, two] = [open(folder), open(folder)];
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 ? one : two).create(newRun(round * 10 + index, { idempotency_key: `k${round}` })),
        ),
      );
      expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(new Set(answers.map(({ record }) => record.run_id)).size).toBe(1);
    }
  });
});

describe('a process that was killed', () => {
  it('leaves its runs to one that lives, at once and whatever their leases say', async () => {
    const folder = newRoot();
    const store = open(folder);
    let arrivals = 0;
    store.watch?.(() => {
      arrivals += 1;
    });
    const { child, ref } = await start(folder, 'other');
    await kill(child);
    await vi.waitFor(() => expect(arrivals).toBeGreaterThan(0), { timeout: 20_000 });
    const claimed = await store.claim('next', { limit: 9, ...LEASE });
    expect(claimed.map(({ run_id, attempt, owner }) => [run_id, attempt, owner])).toEqual([
      ['other', 2, 'next'],
      ['other-waits', 1, 'next'],
    ]);
    const first = (await store.last(ref, 'events')) + 1;
    expect(await store.append({ ...ref, attempt: 1 }, 'events', linesOf(first, 1))).toBe(false);
    expect(await store.append({ ...ref, attempt: 2 }, 'events', linesOf(first, 1))).toBe(true);
    for (const run of claimed) {
      expect(await store.update(run, finished(run))).toBe(true);
    }
    // When nothing is left to do in its journal, the next process writes on in it, and none is added.
    await vi.waitFor(() => expect(listRunJournals(folder)).toHaveLength(2), { timeout: 20_000 });
    expect((await store.get(ref))?.status).toBe('finished');
  }, 60_000);

  it('leaves them to the one that comes next', async () => {
    const folder = newRoot();
    const { child, ref } = await start(folder, 'one');
    const beside = await start(folder, 'two');
    await kill(child);
    await kill(beside.child);
    const store = open(folder);
    const claimed = await store.claim('next', { limit: 9, ...LEASE });
    expect(claimed.map(({ run_id, attempt }) => [run_id, attempt])).toEqual([
      ['one', 2],
      ['one-waits', 1],
      ['two', 2],
      ['two-waits', 1],
    ]);
    expect((await store.create(newRun(1, { idempotency_key: 'key of two' }))).record.run_id).toBe('two');
    expect(await store.last(ref, 'events')).toBeGreaterThan(0);
  }, 60_000);

  it('leaves them to one that takes over, not to one that came before it and works for itself', async () => {
    const folder = newRoot();
    const { child, ref } = await start(folder, 'one');
    await kill(child);
    const command = createFilesystemRunStore({ folder, adopts: false });
    stores.push(command);
    expect(await command.claim('command', { limit: 9, ...LEASE })).toEqual([]);
    const own = await startRun(command, 1);
    const service = open(folder);
    expect((await service.claim('service', { limit: 9, ...LEASE })).map(({ run_id }) => run_id)).toEqual([
      'one',
      'one-waits',
    ]);
    expect(await command.get(ref)).toMatchObject({ status: 'running', owner: 'service', attempt: 2 });
    expect(await command.update(own, finished(own))).toBe(true);
  }, 60_000);

  it('is asked for by name: a run of it can be gone on with by whoever works for itself', async () => {
    const folder = newRoot();
    const { child, ref } = await start(folder, 'one');
    await kill(child);
    const command = createFilesystemRunStore({ folder, adopts: false });
    stores.push(command);
    expect(await command.take(ref, 'command', LEASE)).toMatchObject({ attempt: 2, owner: 'command' });
  }, 60_000);

  it('leaves its journal to the next one, so that they do not pile up', async () => {
    const folder = newRoot();
    const store = open(folder);
    for (let round = 0; round < 4; round++) {
      const beside = createFilesystemRunStore({ folder });
      const run = await startRun(beside, round);
      expect(await beside.update(run, finished(run))).toBe(true);
      await beside.close();
    }
    expect(listRunJournals(folder)).toHaveLength(2);
    expect(await store.list('', { limit: 9, status: 'finished' })).toHaveLength(4);
  });
});

describe('a process that only reads', () => {
  it('sees everything and takes nothing', async () => {
    const folder = newRoot();
    const { ref } = await start(folder, 'other');
    const reader = openRunReader({ folder });
    expect(await reader.get(ref)).toMatchObject({ status: 'running' });
    const before = await reader.last(ref, 'events');
    await new Promise<void>((resolve) => reader.follow(ref, () => resolve()));
    expect(await reader.last(ref, 'events')).toBeGreaterThan(before);
    expect((await reader.list('', { limit: 1 })).map(({ run_id }) => run_id)).toEqual(['other-waits']);
    expect(listRunJournals(folder)).toHaveLength(1);
    await reader.close();
  }, 60_000);

  it('sees what is written while it reads, across segments, and what was taken back', async () => {
    const folder = newRoot();
    const store = createFilesystemRunStore({ folder, segmentBytes: 5_000 });
    stores.push(store);
    const reader = openRunReader({ folder });
    const run = await startRun(store, 1);
    for (let first = 1; first <= 200; first += 10) {
      await store.append({ ...run, attempt: 1 }, 'events', linesOf(first, 10, 'some text'));
      expect(await reader.last(run, 'events')).toBe(first + 9);
    }
    expect(await reader.read(run, 'events', 0, 999)).toEqual(linesOf(1, 200, 'some text').lines);
    await reader.close();
  });
});
