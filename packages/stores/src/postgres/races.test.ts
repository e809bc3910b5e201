// Many at once on one database, and who asks for what is not theirs.
import type { RunRecord, RunRef, RunStore } from '@pypes/contract/runs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, postgresSkipReason, startPostgres } from '../testing/postgres.ts';
import { finished, linesOf, NOW, newRun, next, readAll, startRun } from '../testing/runs-made.ts';
import { createPostgresRunStore } from './index.ts';

describe.skipIf(postgresSkipReason !== undefined)(`races (${postgresSkipReason ?? 'on a server'})`, () => {
  let server: PostgresServer;
  let stores: readonly [RunStore, RunStore];

  beforeAll(async () => {
    server = await startPostgres();
    const open = () => createPostgresRunStore({ connectionString: server.connectionString });
    stores = await Promise.all([open(), open()]);
  }, 60_000);
  afterAll(async () => {
    await Promise.all((stores ?? []).map((store) => store.close()));
    await server?.stop();
  });
  const either = (index: number): RunStore => stores[index % 2] as RunStore;

  it('lets one of fifty changes win, with its events', async () => {
    for (let round = 0; round < 10; round++) {
      const run = await startRun(stores[0], 100_000 + round);
      const won = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          either(index).update(run, finished(run, { result: index }), linesOf(1, 1, String(index))),
        ),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      const winner = won.indexOf(true);
      expect((await stores[1].get(run))?.result).toBe(winner);
      expect(await readAll(stores[0], run)).toEqual(linesOf(1, 1, String(winner)).lines);
    }
  });

  it('has no run stuck and no line lost while all happens to all of them', async () => {
    const runs = await Promise.all(
      Array.from({ length: 40 }, (_, index) => startRun(either(index), 200_000 + index, { tenant: `t${index % 3}` })),
    );
    const written = await Promise.all(
      runs.flatMap((run, index) => [0, 1].map((who) => live(either(index + who), run))),
    );
    for (const [index, run] of runs.entries()) {
      const end = await stores[0].get(run);
      const ends = written.slice(2 * index, 2 * index + 2);
      expect(end?.status).toBe('finished');
      expect(ends.filter(({ isMine }) => isMine)).toHaveLength(1);
      const lines = await readAll(stores[1], run);
      expect(lines).toHaveLength(ends.reduce((sum, { count }) => sum + count, 0));
      expect(lines.map((line) => JSON.parse(line).seq)).toEqual(lines.map((_, seq) => seq + 1));
    }
  });

  /** Appends as fast as another one who does the same, and asks for more time all the while. */
  async function live(store: RunStore, run: RunRecord): Promise<{ count: number; isMine: boolean }> {
    let count = 0;
    for (let round = 0; round < 15; round++) {
      const first = (await store.last(run, 'events')) + 1;
      if (await store.append({ ...run, attempt: 1 }, 'events', linesOf(first, 2))) count += 2;
      await store.renew('worker', [run, { ...run, run_id: 'run-none' }], NOW + round);
    }
    for (;;) {
      const now = await store.get(run);
      if (now === undefined || now.status !== 'running') return { count, isMine: false };
      const first = (await store.last(run, 'events')) + 1;
      if (await store.update(now, finished(now), linesOf(first, 1))) return { count: count + 1, isMine: true };
    }
  }

  it('gives a thousand runs to eight workers, each to one', async () => {
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => either(index).create(newRun(300_000 + index))));
    const ids = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const mine: string[] = [];
        for (;;) {
          const gain = await either(index).claim(`w${index}`, { limit: 20, now: NOW - 1e9, leaseMs: 1e10 });
          if (gain.length === 0) return mine;
          mine.push(...gain.map(({ run_id }) => run_id));
        }
      }),
    );
    expect([ids.flat().length, new Set(ids.flat()).size]).toEqual([1_000, 1_000]);
  });

  it('lists a thousand runs page by page, by the bytes of their ids', async () => {
    const all = Array.from({ length: 1_000 }, (_, index) => `${'Aa_-Zz09'[index % 8]}${index}`);
    await Promise.all(all.map((run_id) => either(0).create(newRun(0, { run_id, tenant: 'pages' }))));
    const listed: string[] = [];
    for (let before: string | undefined; ; before = listed.at(-1)) {
      const page = await either(1).list('pages', { limit: 77, ...(before === undefined ? {} : { before }) });
      if (page.length === 0) break;
      listed.push(...page.map(({ run_id }) => run_id));
    }
    expect(listed).toEqual(all.toSorted((a, b) => (a < b ? 1 : -1)));
  });

  it('calls back in one process what is created and canceled in the other, and not what only goes on', async () => {
    let calls = 0;
    const heard = () => new Promise<void>((done) => (onCall = done));
    let onCall = () => {};
    const end = stores[1].watch?.(() => {
      calls++;
      onCall();
    });
    const created = heard();
    const { record } = await stores[0].create(newRun(400_000));
    await created;
    const run = (await stores[0].take(record, 'worker', { now: NOW, leaseMs: 30_000 })) as RunRecord;
    await stores[0].append({ ...run, attempt: 1 }, 'events', linesOf(1, 1));
    const canceled = heard();
    await stores[0].update(run, next(run, { cancel_requested_at: '2026-03-01T12:00:00.500Z' }));
    await canceled;
    expect(calls).toBe(2);
    end?.();
  });

  it('has nothing for who asks in the name of another tenant, whatever they call it', async () => {
    const mine = await startRun(stores[0], 500_000, { tenant: 'mine', idempotency_key: 'key' });
    await stores[0].append({ ...mine, attempt: 1 }, 'events', linesOf(1, 3));
    const names = [
      '',
      'Mine',
      'mine ',
      'mine\0',
      '\0',
      `mine' or 'a' = 'a`,
      '%',
      'min_',
      'mine/',
      '*',
      '"mine"',
      '\ud800',
    ];
    for (const tenant of names) await attack(stores[1], mine, { tenant, run_id: mine.run_id });
    for (const run_id of ['\0', `${mine.run_id}\0`, `' or true --`, '%', 'RUN-500000'])
      await attack(stores[1], mine, { tenant: 'mine', run_id });
    expect(await stores[0].get(mine)).toEqual(mine);
    expect(await readAll(stores[0], mine)).toEqual(linesOf(1, 3).lines);
    expect((await stores[0].create(newRun(500_001, { tenant: 'other', idempotency_key: 'key' }))).isNew).toBe(true);
  });

  async function attack(store: RunStore, mine: RunRecord, ref: RunRef): Promise<void> {
    const forged = { ...mine, ...ref };
    expect(await store.get(ref)).toBeUndefined();
    expect(await store.read(ref, 'events', 0, 10)).toEqual([]);
    expect(await store.last(ref, 'events')).toBe(0);
    expect(await store.append({ ...ref, attempt: 1 }, 'events', linesOf(4, 1))).toBe(false);
    expect(await store.append({ ...ref, attempt: 1 }, 'calls', linesOf(1, 1))).toBe(false);
    expect(await store.take(ref, 'thief', { now: NOW, leaseMs: 1 })).toBeUndefined();
    expect(await store.renew('worker', [ref], NOW + 1e6)).toEqual({ lost: [ref.run_id], canceled: [] });
    expect(await store.update(forged, finished(forged), linesOf(4, 1))).toBe(false);
    if (!['', mine.tenant].includes(ref.tenant)) expect(await store.list(ref.tenant, { limit: 10 })).toEqual([]);
  }

  it('takes what others say on its channel for no more than a hint', async () => {
    const run = await startRun(stores[0], 600_000);
    let calls = 0;
    const called = new Promise<void>((done) => {
      stores[0].follow(run, () => {
        calls++;
        done();
      });
    });
    const client = new pg.Client({ connectionString: server.connectionString });
    await client.connect();
    for (const payload of ['', '{}', '[1]', 'null', '[]', '["x","changed"]', '["x","changed","","run-600000"]'])
      await client.query('select pg_notify($1, $2)', ['pypes_pypes', payload]);
    await client.end();
    await called;
    expect(calls).toBeGreaterThan(0);
    expect(await stores[0].get(run)).toEqual(run);
  });
});
