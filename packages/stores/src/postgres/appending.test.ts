// Events and calls of one run in one statement, with one answer for each; statements whose plans suit tables that have grown.
import type { RunStore } from '@pypes/contract/runs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, postgresSkipReason, startPostgres } from '../testing/postgres.ts';
import { finished, linesOf, NOW, newRun, readAll, startRun } from '../testing/runs-made.ts';
import { createPostgresRunStore } from './index.ts';

const MANY = 5_000;

describe.skipIf(postgresSkipReason !== undefined)(`appending (${postgresSkipReason ?? 'on a server'})`, () => {
  let server: PostgresServer;
  let store: RunStore;
  let client: pg.Client;

  beforeAll(async () => {
    server = await startPostgres();
    // One connection: what it plans first is what it goes on with.
    store = await createPostgresRunStore({ connectionString: server.connectionString, pool: { max: 1 } });
    client = new pg.Client({ connectionString: server.connectionString });
    await client.connect();
  }, 60_000);
  afterAll(async () => {
    await client?.end();
    await store?.close();
    await server?.stop();
  });

  const both = (run: { tenant: string; run_id: string }, event: number, call: number, attempt = 1) =>
    Promise.all([
      store.append({ ...run, attempt }, 'events', linesOf(event, 2)),
      store.append({ ...run, attempt }, 'calls', linesOf(call, 1)),
    ]);

  it('stores events and calls of one turn in one transaction', async () => {
    const run = await startRun(store, 1);
    expect(await both(run, 1, 1)).toEqual([true, true]);
    expect(await both(run, 3, 2)).toEqual([true, true]);
    const { rows } = await client.query(
      `select count(distinct xmin::text)::int as transactions, count(*)::int as lines
       from (select xmin from pypes.events union all select xmin from pypes.calls) as l(xmin)`,
    );
    expect(rows).toEqual([{ transactions: 2, lines: 6 }]);
    expect(await readAll(store, run)).toEqual(linesOf(1, 4).lines);
    expect(await store.read(run, 'calls', 0, 9)).toEqual([...linesOf(1, 1).lines, ...linesOf(2, 1).lines]);
  });

  it('refuses one of the two where only that is wrong, and both where the run is lost', async () => {
    const run = await startRun(store, 2);
    expect(await both(run, 2, 1)).toEqual([false, true]);
    expect(await both(run, 1, 1)).toEqual([true, false]);
    expect(await both(run, 3, 2, 2)).toEqual([false, false]);
    await store.take(run, 'next', { now: NOW, leaseMs: 10 });
    expect(await both(run, 3, 2)).toEqual([false, false]);
    expect([await store.last(run, 'events'), await store.last(run, 'calls')]).toEqual([2, 1]);
  });

  it('walks indexes, whatever the tables were when a statement was planned', async () => {
    const scans = async () => {
      // A connection says what it did with its next statement, and no more than once a second.
      await client.query('select pg_sleep(1.2)');
      await store.get({ tenant: '', run_id: 'none' });
      const { rows } = await client.query('select sum(seq_scan)::int as scans from pg_stat_user_tables');
      return rows[0]?.scans as number;
    };
    const all = async (number: number) => {
      const run = await startRun(store, number, { idempotency_key: `key ${number}` });
      await both(run, 1, 1);
      expect(await store.get(run)).toMatchObject({ attempt: 1 });
      expect((await store.create(newRun(number, { idempotency_key: `key ${number}` }))).isNew).toBe(false);
      expect(await readAll(store, run)).toHaveLength(2);
      expect(await store.last(run, 'calls')).toBe(1);
      expect(await store.renew('worker', [run], NOW)).toEqual({ lost: [], canceled: [] });
      expect(await store.update(run, finished(run))).toBe(true);
      expect(await store.claim('worker', { limit: 1, now: 0, leaseMs: 1 })).toEqual([]);
      expect(await store.stale?.({ queuedBefore: '2000', now: 0, limit: 9 })).toEqual([]);
      for (const status of [undefined, 'running', 'finished', 'failed'] as const) {
        for (const agent of [undefined, 'echo']) {
          const filter = { ...(status && { status }), ...(agent && { agent }), limit: 3 };
          const listed = await store.list('', filter);
          expect(listed.every((each) => status === undefined || each.status === status)).toBe(true);
          const older = await store.list('', { ...filter, before: run.run_id });
          expect(older.every(({ run_id }) => run_id < run.run_id)).toBe(true);
        }
      }
    };
    // Tables that are known to be small are planned for as such.
    await client.query('analyze');
    await all(10);
    await Promise.all(
      Array.from({ length: MANY }, (_, index) => store.create(newRun(100_000 + index, { status: 'failed' }))),
    );
    const before = await scans();
    for (let number = 11; number < 21; number++) await all(number);
    expect(await scans()).toBe(before);
  }, 60_000);
});
