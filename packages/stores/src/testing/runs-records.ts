// The shared suite of run stores: records, lists, compare-and-set, and what another tenant sees.
import type { RunQuery, RunRecord, RunStore } from '@pypes/contract/runs';
import { describe, expect, it } from 'vitest';
import { finished, linesOf, NOW, newRun, next, type OpenRunStore, readAll, startRun } from './runs-made.ts';

export function testRunRecords(open: OpenRunStore): void {
  describe('records', () => {
    it('gives back a run as it was made', async () => {
      const store = await open();
      const run = newRun(1, {
        tenant: 'acme',
        idempotency_key: 'k 1/ü',
        request: {
          agent: 'a',
          pack: 'p',
          input: { deep: [1, null, { '': '\u0000\ud83d\ude00' }] },
          metadata: { m: 1 },
        },
        replay_of: { run_id: 'run-0', recorded_calls: true },
      });
      expect(await store.create(run)).toEqual({ record: run, isNew: true });
      expect(await store.get(run)).toEqual(run);
      expect(await store.get({ tenant: 'acme', run_id: 'run-2' })).toBeUndefined();
    });

    it('refuses a second run with the same id, and ids that are none', async () => {
      const store = await open();
      await store.create(newRun(1));
      await expect(store.create(newRun(1, { request_digest: 'other' }))).rejects.toMatchObject({ code: 'conflict' });
      expect((await store.get(newRun(1)))?.request_digest).toBe(newRun(1).request_digest);
      for (const bad of [
        { run_id: '' },
        { run_id: '../x' },
        { run_id: 'x'.repeat(65) },
        { tenant: 'a/b' },
        { version: 2 },
      ])
        await expect(store.create(newRun(2, bad))).rejects.toMatchObject({ code: 'invalid_request' });
    });

    it('gives the run that a tenant made with the same key, whatever else it asks for', async () => {
      const store = await open();
      const first = newRun(1, { tenant: 'acme', idempotency_key: 'once' });
      const answers = await Promise.all(
        [first, newRun(2, { tenant: 'acme', idempotency_key: 'once' })].map((run) => store.create(run)),
      );
      expect(answers.map(({ isNew }) => isNew)).toEqual([true, false]);
      expect(answers.map(({ record }) => record.run_id)).toEqual([first.run_id, first.run_id]);
      const other = await store.create(newRun(3, { tenant: 'other', idempotency_key: 'once' }));
      expect(other.isNew).toBe(true);
      const running = await store.take(first, 'worker', { now: NOW, leaseMs: 1 });
      expect(await store.update(running as RunRecord, finished(running as RunRecord))).toBe(true);
      const late = await store.create(newRun(4, { tenant: 'acme', idempotency_key: 'once' }));
      expect([late.isNew, late.record.run_id, late.record.status]).toEqual([false, first.run_id, 'finished']);
      expect(await store.get(newRun(4, { tenant: 'acme' }))).toBeUndefined();
    });

    it('lists the newest first, by status and agent, page by page', async () => {
      const store = await open();
      for (let number = 1; number <= 25; number++) {
        await store.create(newRun(number, { request: { agent: number % 2 ? 'odd' : 'even', input: {} } }));
      }
      const taken = await store.claim('worker', { limit: 5, now: NOW, leaseMs: 30_000 });
      for (const run of taken.slice(0, 3)) await store.update(run, finished(run));
      const numbers = (query: Partial<RunQuery>) => pagesOf(store, '', { limit: 4, ...query });
      expect(await numbers({})).toEqual(Array.from({ length: 25 }, (_, index) => 25 - index));
      expect(await numbers({ agent: 'even' })).toEqual([24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4, 2]);
      expect(await numbers({ status: 'finished' })).toEqual([3, 2, 1]);
      expect(await numbers({ status: 'running' })).toEqual([5, 4]);
      expect(await numbers({ status: 'finished', agent: 'odd' })).toEqual([3, 1]);
      expect(await numbers({ agent: 'none' })).toEqual([]);
    });

    it('shows no tenant that another one has a run', async () => {
      const store = await open();
      const mine = await startRun(store, 1, { tenant: 'mine' });
      await store.append({ ...mine, attempt: 1 }, 'events', linesOf(1, 2));
      for (const tenant of ['', 'other']) {
        const ref = { tenant, run_id: mine.run_id };
        expect(await store.get(ref)).toBeUndefined();
        expect(await store.list(tenant, { limit: 10 })).toEqual([]);
        expect([await store.read(ref, 'events', 0, 10), await store.last(ref, 'events')]).toEqual([[], 0]);
        expect(await store.append({ ...ref, attempt: 1 }, 'events', linesOf(3, 1))).toBe(false);
        expect(await store.take(ref, 'thief', { now: NOW, leaseMs: 1 })).toBeUndefined();
        expect(await store.update({ ...mine, tenant }, finished({ ...mine, tenant }))).toBe(false);
        expect(await store.renew('worker', [ref], NOW + 60_000)).toEqual({ lost: [mine.run_id], canceled: [] });
      }
      // The same id is theirs to use: an error would tell that somebody has it.
      const theirs = newRun(1, { tenant: 'other' });
      expect((await store.create(theirs)).isNew).toBe(true);
      expect([await store.get(theirs), (await store.get(mine))?.status]).toEqual([theirs, 'running']);
    });
  });

  describe('compare-and-set', () => {
    it('lets one of many win, with its events', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      const ends = Array.from({ length: 16 }, (_, index) =>
        store.update(run, finished(run, { result: index }), { first: 1, lines: [`{"seq":1,"by":${index}}`] }),
      );
      const won = (await Promise.all(ends)).flatMap((isMine, index) => (isMine ? [index] : []));
      expect(won).toHaveLength(1);
      expect((await store.get(run))?.result).toBe(won[0]);
      expect(await readAll(store, run)).toEqual([`{"seq":1,"by":${won[0]}}`]);
    });

    it('lets not both cancel and finish win', async () => {
      const store = await open();
      for (let number = 1; number <= 20; number++) {
        const run = await startRun(store, number);
        const cancel = next(run, { cancel_requested_at: '2026-03-01T12:00:00.500Z' });
        const order = number % 2 ? [cancel, finished(run)] : [finished(run), cancel];
        const won = await Promise.all(order.map((after) => store.update(run, after)));
        expect(won.filter(Boolean)).toHaveLength(1);
        expect(await store.get(run)).toEqual(order[won.indexOf(true)]);
      }
    });

    it('tells who lost only when the winner can be seen', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      const seen = await Promise.all(
        Array.from({ length: 8 }, async () => {
          for (let tries = 1; ; tries++) {
            const now = (await store.get(run)) as RunRecord;
            if (await store.update(now, next(now, {}))) return tries;
          }
        }),
      );
      expect((await store.get(run))?.version).toBe(10);
      expect(Math.max(...seen)).toBeLessThanOrEqual(8);
    });

    it('refuses events that are not the next, and does nothing then', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      await store.append({ ...run, attempt: 1 }, 'events', linesOf(1, 3));
      for (const first of [1, 3, 5]) expect(await store.update(run, finished(run), linesOf(first, 1))).toBe(false);
      expect(await store.get(run)).toEqual(run);
      expect(await store.last(run, 'events')).toBe(3);
      expect(await store.update(run, finished(run), linesOf(4, 2))).toBe(true);
      expect(await readAll(store, run)).toEqual(linesOf(1, 5).lines);
    });

    it('changes nothing of a run that has ended', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      const ended = finished(run);
      await store.update(run, ended);
      expect(await store.update(ended, next(ended, { result: 2 }), linesOf(1, 1))).toBe(false);
      expect([await store.get(run), await store.last(run, 'events')]).toEqual([ended, 0]);
    });

    it('refuses an update that is not the next version of the same run', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      const wrong = [{ ...run }, { ...finished(run), version: 9 }, { ...finished(run), run_id: 'run-9' }];
      for (const after of wrong) {
        await expect(store.update(run, after)).rejects.toMatchObject({ code: 'invalid_request' });
      }
      expect(await store.update(newRun(7), next(newRun(7), {}))).toBe(false);
    });
  });
}

async function pagesOf(store: RunStore, tenant: string, query: RunQuery): Promise<readonly number[]> {
  const all: number[] = [];
  for (let before: string | undefined; ; ) {
    const page = await store.list(tenant, { ...query, ...(before === undefined ? {} : { before }) });
    expect(page.length).toBeLessThanOrEqual(query.limit);
    all.push(...page.map(({ run_id }) => Number(run_id.slice(4))));
    before = page.at(-1)?.run_id;
    if (before === undefined) return all;
  }
}
