// The shared suite of run stores: who gets a run, for how long, and what happens when nobody hears of them.
import type { RunRecord } from '@pypes/contract/runs';
import { describe, expect, it } from 'vitest';
import { finished, NOW, newRun, next, type OpenRunStore, startRun } from './runs-made.ts';

const LEASE = 30_000;

export function testRunClaims(open: OpenRunStore): void {
  describe('claims', () => {
    it('gives the oldest runs first, begun and with a lease', async () => {
      const store = await open();
      for (const number of [3, 1, 2]) await store.create(newRun(number, { tenant: `t${number}` }));
      const claimed = await store.claim('worker', { limit: 2, now: NOW, leaseMs: LEASE });
      expect(claimed).toEqual(
        [1, 2].map((number) => ({
          ...newRun(number, { tenant: `t${number}` }),
          status: 'running',
          version: 2,
          attempt: 1,
          started_at: new Date(NOW).toISOString(),
          owner: 'worker',
          lease_until: NOW + LEASE,
        })),
      );
      for (const run of claimed) expect(await store.get(run)).toEqual(run);
      expect(await store.claim('worker', { limit: 0, now: NOW, leaseMs: LEASE })).toEqual([]);
      expect((await store.claim('worker', { limit: 9, now: NOW, leaseMs: LEASE })).map(({ run_id }) => run_id)).toEqual(
        ['run-000003'],
      );
      expect(await store.claim('worker', { limit: 9, now: NOW, leaseMs: LEASE })).toEqual([]);
    });

    it('gives each run to one of many workers', async () => {
      const store = await open();
      for (let number = 1; number <= 40; number++) await store.create(newRun(number));
      const gains = await Promise.all(
        Array.from({ length: 8 }, (_, index) => store.claim(`w${index}`, { limit: 7, now: NOW, leaseMs: LEASE })),
      );
      const ids = gains.flat().map(({ run_id }) => run_id);
      expect([ids.length, new Set(ids).size]).toEqual([40, 40]);
      for (const [index, gain] of gains.entries()) {
        for (const run of gain) expect((await store.get(run))?.owner).toBe(`w${index}`);
      }
    });

    it('gives a run whose lease is over to the next, and keeps when it began', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      expect(await store.claim('next', { limit: 1, now: NOW + LEASE - 1, leaseMs: LEASE })).toEqual([]);
      const [again] = await store.claim('next', { limit: 1, now: NOW + LEASE, leaseMs: LEASE });
      expect(again).toEqual({ ...run, version: 3, attempt: 2, owner: 'next', lease_until: NOW + 2 * LEASE });
    });

    it('tells which runs an engine may have lost, and changes none', async () => {
      const store = await open();
      if (store.stale === undefined) return;
      const old = '2026-03-01T11:00:00.000Z';
      const later = '2026-03-01T13:00:00.000Z';
      await store.create(newRun(1, { created_at: old, tenant: 'acme' }));
      await store.create(newRun(2, { created_at: later }));
      const running = await startRun(store, 3);
      const ended = await startRun(store, 4);
      await store.update(ended, finished(ended));
      const ask = (now: number, limit = 9) => store.stale?.({ queuedBefore: '2026-03-01T12:30:00.000Z', now, limit });
      expect(await ask(NOW)).toEqual([{ tenant: 'acme', run_id: 'run-000001' }]);
      expect((await ask(NOW + LEASE))?.map(({ run_id }) => run_id)).toEqual(['run-000001', 'run-000003']);
      expect(await ask(NOW + LEASE, 1)).toHaveLength(1);
      expect(await store.get(running)).toEqual(running);
    });

    it('gives none that has ended', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      await store.update(run, finished(run));
      const { record } = await store.create(newRun(2));
      await store.update(record, next(record, { status: 'canceled', finished_at: '2026-03-01T12:00:00.000Z' }));
      expect(await store.claim('next', { limit: 9, now: NOW + 10 * LEASE, leaseMs: LEASE })).toEqual([]);
      for (const each of [run, record]) {
        expect(await store.take(each, 'next', { now: NOW, leaseMs: LEASE })).toBeUndefined();
      }
    });

    it('takes one run from whoever has it', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      const taken = await store.take(run, 'next', { now: NOW + 5, leaseMs: LEASE });
      expect(taken).toEqual({ ...run, version: 3, attempt: 2, owner: 'next', lease_until: NOW + 5 + LEASE });
      expect(await store.get(run)).toEqual(taken);
      expect(await store.take({ tenant: '', run_id: 'run-none' }, 'next', { now: NOW, leaseMs: 1 })).toBeUndefined();
    });

    it('gives back a run that its worker lets go', async () => {
      const store = await open();
      const { owner: _, lease_until: __, ...run } = await startRun(store, 1);
      expect(await store.update({ ...run }, next(run, { status: 'queued' }))).toBe(true);
      const [again] = await store.claim('next', { limit: 1, now: NOW, leaseMs: LEASE });
      expect([again?.attempt, again?.owner]).toEqual([2, 'next']);
    });
  });

  describe('leases', () => {
    it('renews without a new version, and says what was lost and what was canceled', async () => {
      const store = await open();
      const runs = [
        await startRun(store, 1),
        await startRun(store, 2),
        await startRun(store, 3),
        await startRun(store, 4),
      ];
      const [kept, taken, ended, canceled] = runs as [RunRecord, RunRecord, RunRecord, RunRecord];
      await store.take(taken, 'thief', { now: NOW, leaseMs: LEASE });
      await store.update(ended, finished(ended));
      await store.update(canceled, next(canceled, { cancel_requested_at: '2026-03-01T12:00:00.500Z' }));
      const refs = [...runs, { tenant: '', run_id: 'run-none' }];
      const { lost, canceled: asked } = await store.renew('worker', refs, NOW + 2 * LEASE);
      expect([...lost].sort()).toEqual(['run-000002', 'run-000003', 'run-none']);
      expect(asked).toEqual([canceled.run_id]);
      expect(await store.get(kept)).toEqual({ ...kept, lease_until: NOW + 2 * LEASE });
      expect((await store.get(taken))?.lease_until).toBe(NOW + LEASE);
      const late = await store.claim('next', { limit: 9, now: NOW + 2 * LEASE - 1, leaseMs: LEASE });
      expect(late.map(({ run_id }) => run_id)).toEqual([taken.run_id]);
      expect(await store.update(kept, finished(kept))).toBe(true);
    });

    it('is not shortened by who writes what they read before it was renewed', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      await store.renew('worker', [run], NOW + 5 * LEASE);
      expect(await store.update(run, next(run, { cancel_requested_at: '2026-03-01T12:00:00.500Z' }))).toBe(true);
      expect((await store.get(run))?.lease_until).toBe(NOW + 5 * LEASE);
      expect(await store.claim('next', { limit: 1, now: NOW + 2 * LEASE, leaseMs: LEASE })).toEqual([]);
    });
  });
}
