// The server killed in the middle and started again: what was answered is there, what waits goes on, who follows hears.
import type { RunStore } from '@pypes/contract/runs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type PostgresServer, postgresSkipReason, startPostgres } from '../testing/postgres.ts';
import { finished, linesOf, NOW, newRun, readAll, startRun } from '../testing/runs-made.ts';
import { createPostgresRunStore } from './index.ts';

const KILLS = 3;
const PATIENT = { timeout: 60_000 };

describe.skipIf(postgresSkipReason !== undefined)(`an outage (${postgresSkipReason ?? 'of a server'})`, () => {
  let server: PostgresServer;
  let schemas = 0;
  const opened: RunStore[] = [];

  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(async () => {
    await Promise.all(opened.map((store) => store.close()));
    await server?.stop();
  });

  async function open(options: { schema: string; retryForMs: number; onError?: (error: Error) => void }) {
    const store = await createPostgresRunStore({ connectionString: server.connectionString, ...options });
    opened.push(store);
    return store;
  }

  it(`loses nothing that was answered, ${KILLS} times`, async () => {
    const store = await open({ schema: `outage_${schemas++}`, retryForMs: 60_000 });
    const ended: { readonly number: number; readonly events: number }[] = [];
    let number = 0;
    let isOver = false;

    /** Whole lives of runs, of which every step is waited for. */
    async function live(): Promise<void> {
      while (!isOver) {
        const mine = ++number;
        const { record, isNew } = await store.create(newRun(mine));
        expect(isNew).toBe(true);
        // An attempt whose answer was lost is nobody's: the next one takes the run over.
        const run = await take(record);
        if (run === undefined) throw new Error('It is gone');
        const events = 1 + (mine % 5);
        for (let first = 1; first <= events; first++)
          expect(await store.append({ ...run, attempt: run.attempt }, 'events', linesOf(first, 1))).toBe(true);
        expect(await store.update(run, finished(run), linesOf(events + 1, 1))).toBe(true);
        ended.push({ number: mine, events: events + 1 });
      }
    }
    const take = (record: ReturnType<typeof newRun>): ReturnType<RunStore['take']> =>
      store.take(record, 'worker', { now: NOW, leaseMs: 30_000 }).catch(() => take(record));

    const lives = Promise.all(Array.from({ length: 12 }, live));
    for (let kills = 0; kills < KILLS; kills++) {
      const before = ended.length;
      await vi.waitUntil(() => ended.length > before + 50, PATIENT);
      await server.kill();
      await server.start();
    }
    const before = ended.length;
    await vi.waitUntil(() => ended.length > before + 50, PATIENT);
    isOver = true;
    await lives;
    for (const { number: mine, events } of ended) {
      const run = await store.get(newRun(mine));
      expect(run?.status).toBe('finished');
      expect(await readAll(store, newRun(mine))).toEqual(linesOf(1, events).lines);
    }
    expect(new Set(ended.map((run) => run.number)).size).toBe(number);
  }, 180_000);

  it('calls back who follows: while it is away, and what happens when it is there again', async () => {
    const schema = `outage_${schemas++}`;
    const errors: Error[] = [];
    const onError = (error: Error) => errors.push(error);
    const [one, two] = await Promise.all([
      open({ schema, retryForMs: 60_000 }),
      open({ schema, retryForMs: 60_000, onError }),
    ]);
    const run = await startRun(one, 1);
    let calls = 0;
    let created = 0;
    two.follow(run, () => calls++);
    two.watch?.(() => created++);
    await server.kill();
    const seen = calls;
    await vi.waitUntil(() => calls > seen + 1 && created > 0, PATIENT);
    await server.start();
    for (let first = 1; first <= 20; first++) {
      const before = calls;
      expect(await one.append({ ...run, attempt: 1 }, 'events', linesOf(first, 1))).toBe(true);
      await vi.waitUntil(() => calls > before, PATIENT);
    }
    const before = created;
    await one.create(newRun(2));
    await vi.waitUntil(() => created > before, PATIENT);
    expect(errors.length).toBeGreaterThan(0);
    expect(new Set(errors.map((error) => 'code' in error && error.code))).toEqual(new Set(['unavailable']));
  }, 120_000);

  it('says that the database is away where it stays away, and works again afterwards', async () => {
    const store = await open({ schema: `outage_${schemas++}`, retryForMs: 100 });
    const run = await startRun(store, 1);
    await server.kill();
    const away = { code: 'unavailable' };
    await expect(store.get(run)).rejects.toMatchObject(away);
    await expect(store.create(newRun(2))).rejects.toMatchObject(away);
    await expect(store.append({ ...run, attempt: 1 }, 'events', linesOf(1, 1))).rejects.toMatchObject(away);
    await expect(store.claim('worker', { limit: 1, now: NOW, leaseMs: 1 })).rejects.toMatchObject(away);
    await server.start();
    expect(await store.get(run)).toEqual(run);
    expect(await store.get(newRun(2))).toBeUndefined();
    await store.close();
    await expect(store.get(run)).rejects.toMatchObject(away);
  }, 60_000);
});
