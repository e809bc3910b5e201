// The index is made of the journal: missing, damaged, of another journal or behind, it is made anew or caught up.
import { once } from 'node:events';
import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import type { RunRecord, RunStore } from '@pypes/contract/runs';
import { describe, expect, it, vi } from 'vitest';
import { newRoot } from '../../testing/roots.ts';
import { finished, linesOf, NOW, newRun, readAll, startRun } from '../../testing/runs-made.ts';
import { openForeignJournal } from './foreign.ts';
import { createFilesystemRunStore, type RunStoreProblem } from './index.ts';
import { openIndexForReading } from './index-file.ts';

const open = (folder: string, problems: RunStoreProblem[] = []) =>
  createFilesystemRunStore({ folder, segmentBytes: 10_000, onError: (problem) => problems.push(problem) });
const pathIn = (folder: string, name: string) => join(folder, 'journals', 'main', name);

/** Runs of all kinds, in several segments. */
async function fill(folder: string, count = 40, from = 1): Promise<readonly RunRecord[]> {
  const store = open(folder);
  const runs: RunRecord[] = [];
  for (let number = from; number <= count; number++) {
    const run = await startRun(store, number, { tenant: number % 3 ? '' : 'acme', idempotency_key: `k${number}` });
    await store.append({ ...run, attempt: 1 }, 'events', linesOf(1, number % 9, 'first'));
    await store.append({ ...run, attempt: 1 }, 'events', linesOf((number % 9) + 1, 2, 'second'));
    const end = finished(run);
    const isEnded = number % 4 !== 0 && (await store.update(run, end));
    runs.push(isEnded ? end : run);
  }
  await store.close();
  return runs;
}

async function expectAll(store: RunStore, runs: readonly RunRecord[]): Promise<void> {
  for (const [index, run] of runs.entries()) {
    const number = index + 1;
    expect(await store.get(run)).toEqual(run);
    const lines = [...linesOf(1, number % 9, 'first').lines, ...linesOf((number % 9) + 1, 2, 'second').lines];
    expect(await readAll(store, run, 4)).toEqual(lines);
    const again = newRun(999, { tenant: run.tenant, idempotency_key: `k${number}` });
    expect((await store.create(again)).record).toEqual(run);
  }
  const ids = (tenant: string) => runs.filter((run) => run.tenant === tenant).map(({ run_id }) => run_id);
  for (const tenant of ['', 'acme']) {
    const listed = await store.list(tenant, { limit: 1_000 });
    expect(listed.map(({ run_id }) => run_id)).toEqual(ids(tenant).reverse());
  }
  const free = await store.claim('w', { limit: 1_000, now: NOW, leaseMs: 1 });
  expect(free.map(({ run_id }) => run_id)).toEqual(
    runs.filter(({ status }) => status === 'running').map(({ run_id }) => run_id),
  );
}

/** Damages what tells unfinished runs; all else reads as before. */
function damageUnfinished(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const { rootpage } = database.prepare("SELECT rootpage FROM sqlite_master WHERE name = 'runs_unfinished'").get() as {
    rootpage: number;
  };
  const { page_size: size } = database.prepare('PRAGMA page_size').get() as { page_size: number };
  database.close();
  const bytes = readFileSync(path);
  bytes.fill(0xff, (rootpage - 1) * size, rootpage * size);
  writeFileSync(path, bytes);
}

/** Nobody else can open it until then; says when it is so. */
function holdLocked(path: string, ms: number): Worker {
  return new Worker(
    `const { DatabaseSync } = require('node:sqlite');
    const { parentPort } = require('node:worker_threads');
    const database = new DatabaseSync(${JSON.stringify(path)});
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    parentPort.postMessage('locked');
    setTimeout(() => database.close(), ${ms});`,
    { eval: true },
  );
}

describe('the index of a journal', () => {
  // Its writer may be at work in it at that moment: then pages of two versions are read.
  it.each([true, false])(
    'that does not hold keeps nobody else from opening the folder (taking over: %s)',
    async (adopts) => {
      const folder = newRoot();
      const runs = await fill(folder);
      damageUnfinished(pathIn(folder, 'index.sqlite'));
      const problems: RunStoreProblem[] = [];
      const store = createFilesystemRunStore({ folder, adopts, onError: (problem) => problems.push(problem) });
      for (const run of runs) expect(await store.get(run)).toEqual(run);
      const made = await startRun(store, 500);
      expect(await store.get(made)).toEqual(made);
      expect(problems.filter(({ level }) => level === 'error')).toEqual([]);
      await store.close();
    },
  );

  it('that somebody else locks for a moment is waited for', async () => {
    const folder = newRoot();
    const runs = await fill(folder);
    const holder = holdLocked(pathIn(folder, 'index.sqlite'), 300);
    await once(holder, 'message');
    for (const adopts of [false, true]) {
      const problems: RunStoreProblem[] = [];
      const store = createFilesystemRunStore({ folder, adopts, onError: (problem) => problems.push(problem) });
      for (const run of runs) expect(await store.get(run)).toEqual(run);
      expect(problems).toEqual([]);
      await store.close();
    }
    await holder.terminate();
  });

  // Read without locks, pages of two versions would be taken for one.
  it('that stays locked is not read past its lock: what the journal says counts', async () => {
    const folder = newRoot();
    const runs = await fill(folder);
    const locked = new DatabaseSync(pathIn(folder, 'index.sqlite'));
    locked.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE runs SET offset = 7');
    const main = join(folder, 'journals', 'main');
    expect(() => openIndexForReading(main)).toThrow('locked');
    const foreign = openForeignJournal(main, () => undefined);
    expect(foreign.hasUnfinished()).toBe(true);
    foreign.refresh();
    const found = runs.map((run) => foreign.view.find(run)).filter((state) => state !== undefined);
    expect(found.map((state) => foreign.view.recordOf(state))).toEqual(runs);
    foreign.close();
    locked.close();
  });

  it('is made anew where it is missing, damaged or of another journal, and says so', async () => {
    const folder = newRoot();
    const runs = await fill(folder);
    const other = newRoot();
    await fill(other, 3);
    const whole = newRoot();
    cpSync(folder, whole, { recursive: true });
    const changes: readonly ((path: string) => void)[] = [
      (path) => rmSync(path),
      (path) => writeFileSync(path, ''),
      (path) => writeFileSync(path, 'this is no database, but longer than the head of one'.repeat(100)),
      (path) => truncateSync(path, 5_000),
      (path) => writeFileSync(path, readFileSync(pathIn(other, 'index.sqlite'))),
      (path) => new DatabaseSync(path).exec('UPDATE about SET format = 0'),
      (path) => new DatabaseSync(path).exec('UPDATE about SET segment = 999'),
      (path) => new DatabaseSync(path).exec('UPDATE about SET offset = offset - 1'),
      (path) => new DatabaseSync(path).exec('DROP TABLE blocks'),
    ];
    for (const [index, change] of changes.entries()) {
      rmSync(folder, { recursive: true });
      cpSync(whole, folder, { recursive: true });
      change(pathIn(folder, 'index.sqlite'));
      const problems: RunStoreProblem[] = [];
      const store = open(folder, problems);
      expect([index, problems.map(({ level }) => level)]).toEqual([index, ['warn']]);
      await expectAll(store, runs);
      await store.close();
    }
  }, 60_000);

  it('is caught up where it is behind', async () => {
    const folder = newRoot();
    const early = await fill(folder, 12);
    const index = readFileSync(pathIn(folder, 'index.sqlite'));
    const runs = [...early, ...(await fill(folder, 30, 13))];
    // What a crash leaves: an index of the same journal, from before.
    writeFileSync(pathIn(folder, 'index.sqlite'), index);
    const problems: RunStoreProblem[] = [];
    const again = open(folder, problems);
    expect(problems).toEqual([]);
    await expectAll(again, runs);
    await again.close();
  });

  it('is made anew where it breaks while the store is open', async () => {
    const folder = newRoot();
    const problems: RunStoreProblem[] = [];
    const store = open(folder, problems);
    const runs: RunRecord[] = [];
    for (let number = 1; number <= 5; number++) runs.push(await startRun(store, number));
    const index = new DatabaseSync(pathIn(folder, 'index.sqlite'));
    const count = index.prepare('SELECT count(*) AS runs FROM runs');
    await vi.waitFor(() => expect(count.get()).toEqual({ runs: 5 }), { timeout: 20_000 });
    index.exec('DROP TABLE blocks');
    for (const run of runs) await store.append({ ...run, attempt: 1 }, 'events', linesOf(1, 3));
    await vi.waitFor(() => expect(problems.map(({ level }) => level)).toEqual(['warn']), { timeout: 20_000 });
    for (const run of runs) {
      expect(await readAll(store, run)).toEqual(linesOf(1, 3).lines);
      expect(await store.update(run, finished(run), linesOf(4, 1))).toBe(true);
    }
    await store.close();
    const again = open(folder, problems);
    for (const run of runs) expect(await readAll(again, run)).toEqual(linesOf(1, 4).lines);
    expect(problems).toHaveLength(1);
    await again.close();
  });

  it('is made anew where a reader finds it broken', async () => {
    const folder = newRoot();
    const runs = await fill(folder);
    const problems: RunStoreProblem[] = [];
    const store = open(folder, problems);
    const beside = open(folder);
    for (const table of ['blocks', 'runs']) {
      new DatabaseSync(pathIn(folder, 'index.sqlite')).exec(`DROP TABLE ${table}`);
      const [run] = runs as [RunRecord];
      const lines = [...linesOf(1, 1, 'first').lines, ...linesOf(2, 2, 'second').lines];
      expect([await readAll(beside, run), await readAll(store, run)]).toEqual([lines, lines]);
    }
    await expectAll(store, runs);
    expect(problems.map(({ level }) => level)).toEqual(['warn', 'warn']);
    await Promise.all([store.close(), beside.close()]);
  });

  it('is made anew while runs are being made', async () => {
    const folder = newRoot();
    const [run] = (await fill(folder, 1)) as [RunRecord];
    const problems: RunStoreProblem[] = [];
    let store = open(folder, problems);
    const making = Promise.all(Array.from({ length: 50 }, (_, index) => store.create(newRun(index + 2))));
    // Now they are written, and wait for the disk.
    await new Promise((resolve) => setImmediate(resolve));
    new DatabaseSync(pathIn(folder, 'index.sqlite')).exec('DROP TABLE blocks');
    expect(await readAll(store, run)).toHaveLength(3);
    expect((await making).every(({ isNew }) => isNew)).toBe(true);
    for (let round = 0; round < 2; round++) {
      expect(await store.list('', { limit: 99 })).toHaveLength(51);
      expect(await store.claim('w', { limit: 20, now: NOW, leaseMs: 1 })).toHaveLength(20);
      await store.close();
      store = open(folder, problems);
    }
    expect(problems.map(({ level }) => level)).toEqual(['warn']);
    await store.close();
  });

  it('is made of 200,000 events', async () => {
    const folder = newRoot();
    const store = createFilesystemRunStore({ folder, onError: ({ message }) => expect.fail(message) });
    const runs: RunRecord[] = [];
    for (let number = 1; number <= 20; number++) {
      const run = await startRun(store, number);
      runs.push(run);
      for (let first = 1; first <= 10_000; first += 5 * number) {
        const count = Math.min(5 * number, 10_001 - first);
        void store.append({ ...run, attempt: 1 }, 'events', linesOf(first, count));
      }
    }
    await store.close();
    rmSync(pathIn(folder, 'index.sqlite'));
    const problems: RunStoreProblem[] = [];
    const again = createFilesystemRunStore({ folder, onError: (problem) => problems.push(problem) });
    expect(problems.map(({ level }) => level)).toEqual(['warn']);
    for (const run of runs) {
      expect(await again.last(run, 'events')).toBe(10_000);
      expect(await again.read(run, 'events', 9_990, 500)).toEqual(linesOf(9_991, 10).lines);
    }
    expect(await readAll(again, runs[3] as RunRecord)).toEqual(linesOf(1, 10_000).lines);
    await again.close();
  }, 60_000);
});
