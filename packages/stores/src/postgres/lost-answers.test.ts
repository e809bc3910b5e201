// Answers that are lost on their way: what was done is found out and not done again, or said to be unknown.
import type { RunRecord, RunStore } from '@pypes/contract/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, postgresSkipReason, startPostgres } from '../testing/postgres.ts';
import { finished, linesOf, NOW, newRun, next, readAll, startRun } from '../testing/runs-made.ts';
import { startTcpProxy, type TcpProxy } from '../testing/tcp-proxy.ts';
import { createPostgresRunStore } from './index.ts';

describe.skipIf(postgresSkipReason !== undefined)(`lost answers (${postgresSkipReason ?? 'of a server'})`, () => {
  let server: PostgresServer;
  let proxy: TcpProxy;
  let store: RunStore;
  let other: RunStore;
  let count = 0;

  beforeAll(async () => {
    server = await startPostgres();
    const { port } = new URL(server.connectionString);
    proxy = await startTcpProxy(Number(port));
    store = await createPostgresRunStore({
      connectionString: server.connectionString.replace(port, String(proxy.port)),
    });
    other = await createPostgresRunStore({ connectionString: server.connectionString });
  }, 60_000);
  afterAll(async () => {
    await store?.close();
    await other?.close();
    await proxy?.close();
    await server?.stop();
  });

  /** A run that has begun. */
  const start = (): Promise<RunRecord> => startRun(store, ++count);

  /** What `work` comes to where its first answer is lost. */
  async function losing<T>(work: () => Promise<T>, before?: () => Promise<unknown>): Promise<T> {
    const { lost } = proxy;
    proxy.loseAnswer(before);
    try {
      return await work();
    } finally {
      expect(proxy.lost).toBe(lost + 1);
    }
  }

  it('creates a run once, and knows it for its own', async () => {
    for (const more of [{}, { idempotency_key: 'once' }]) {
      const run = newRun(++count, more);
      expect(await losing(() => store.create(run))).toEqual({ record: run, isNew: true });
      expect(await other.get(run)).toEqual(run);
    }
    const again = newRun(++count, { idempotency_key: 'once' });
    expect(await losing(() => store.create(again))).toMatchObject({ isNew: false, record: { run_id: 'run-000002' } });
    await expect(losing(() => store.create(newRun(1, { created_at: 'else' })))).rejects.toMatchObject({
      code: 'conflict',
    });
  });

  it('ends a run once, with its events, and says that it did', async () => {
    const run = await start();
    expect(await losing(() => store.update(run, finished(run), linesOf(1, 2)))).toBe(true);
    expect(await other.get(run)).toEqual(finished(run));
    expect(await readAll(other, run)).toEqual(linesOf(1, 2).lines);
    expect(await losing(() => store.update(run, finished(run, { result: 2 })))).toBe(false);
  });

  it('does not know what became of a change that was followed by another', async () => {
    const run = await start();
    const asked = next(run, { metadata: 1 } as Partial<RunRecord>);
    const overtake = async () => other.update((await other.get(run))!, next((await other.get(run))!, {}));
    await expect(losing(() => store.update(run, asked), overtake)).rejects.toMatchObject({ code: 'unavailable' });
    expect((await other.get(run))?.version).toBe(run.version + 2);
  });

  it('appends lines once', async () => {
    const run = await start();
    for (const stream of ['events', 'calls'] as const) {
      expect(await losing(() => store.append({ ...run, attempt: 1 }, stream, linesOf(1, 3)))).toBe(true);
      expect(await losing(() => store.append({ ...run, attempt: 1 }, stream, linesOf(1, 3, 'else')))).toBe(false);
      expect(await other.read(run, stream, 0, 10)).toEqual(linesOf(1, 3).lines);
    }
  });

  it('appends events and calls of one turn once', async () => {
    const run = { ...(await start()), attempt: 1 };
    const both = () =>
      Promise.all([store.append(run, 'events', linesOf(1, 3)), store.append(run, 'calls', linesOf(1, 2))]);
    expect(await losing(both)).toEqual([true, true]);
    expect([await other.last(run, 'events'), await other.last(run, 'calls')]).toEqual([3, 2]);
    const takeOver = () => other.take(run, 'next', { now: NOW, leaseMs: 10 });
    expect(await losing(both, takeOver)).toEqual([false, false]);
  });

  it('fences off a worker that lost its run while it waited', async () => {
    const run = await start();
    const lines = linesOf(1, 3);
    const takeOver = () => other.take(run, 'next', { now: NOW, leaseMs: 10 });
    expect(await losing(() => store.append({ ...run, attempt: 1 }, 'events', lines), takeOver)).toBe(false);
  });

  it('does not take a run twice', async () => {
    const runs = [newRun(++count), newRun(++count)] as const;
    const [run, later] = runs;
    await store.create(run);
    const options = { now: NOW, leaseMs: 10 };
    await expect(losing(() => store.take(run, 'worker', options))).rejects.toMatchObject({ code: 'unavailable' });
    expect((await other.get(run))?.attempt).toBe(1);
    await store.create(later);
    await expect(losing(() => store.claim('worker', { ...options, limit: 9 }))).rejects.toMatchObject({
      code: 'unavailable',
    });
    // Nobody knows that they are theirs: the lease ends, and they are given to the next.
    expect(await other.claim('next', { ...options, limit: 99 })).toEqual([]);
    const late = await other.claim('next', { now: NOW + 10, leaseMs: 10, limit: 99 });
    const mine = late.filter(({ run_id }) => runs.some((one) => one.run_id === run_id));
    expect(mine.map(({ attempt }) => attempt)).toEqual([2, 2]);
  });

  it('asks again for what may be asked twice', async () => {
    const run = await start();
    expect(await losing(() => store.get(run))).toEqual(run);
    expect(await losing(() => store.last(run, 'events'))).toBe(0);
    expect(await losing(() => store.read(run, 'events', 0, 9))).toEqual([]);
    expect((await losing(() => store.list('', { limit: 1 })))[0]).toEqual(run);
    expect(await losing(() => store.renew('worker', [run], NOW + 60_000))).toEqual({ lost: [], canceled: [] });
  });
});
