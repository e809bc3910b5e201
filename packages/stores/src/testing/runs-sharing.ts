// The shared suite of run stores: two processes that share the work of one place.
import type { RunRecord, RunStore } from '@pypes/contract/runs';
import { describe, expect, it } from 'vitest';
import { finished, linesOf, NOW, newRun, next, readAll, startRun } from './runs-made.ts';

export function testRunSharing(open: () => Promise<readonly [RunStore, RunStore]>): void {
  describe('two processes', () => {
    it('see the same runs and lines', async () => {
      const [one, two] = await open();
      const run = await startRun(one, 1, { idempotency_key: 'once' });
      await one.append({ ...run, attempt: 1 }, 'events', linesOf(1, 12));
      expect(await two.get(run)).toEqual(run);
      expect(await readAll(two, run, 5)).toEqual(linesOf(1, 12).lines);
      expect(await two.append({ ...run, attempt: 1 }, 'events', linesOf(13, 1))).toBe(true);
      expect(await one.last(run, 'events')).toBe(13);
      expect(await two.create(newRun(2, { idempotency_key: 'once' }))).toEqual({ record: run, isNew: false });
    });

    it('accept one run for one key, however many ask at once', async () => {
      const stores = await open();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, index) =>
          (stores[index % 2] as RunStore).create(newRun(index, { idempotency_key: 'once' })),
        ),
      );
      expect(answers.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(new Set(answers.map(({ record }) => record.run_id)).size).toBe(1);
    });

    it('give each run to one of them', async () => {
      const stores = await open();
      for (let number = 1; number <= 60; number++) await (stores[number % 2] as RunStore).create(newRun(number));
      const gains = await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (stores[index % 2] as RunStore).claim(`w${index}`, { limit: 9, now: NOW, leaseMs: 30_000 }),
        ),
      );
      const ids = gains.flat().map(({ run_id }) => run_id);
      expect([ids.length, new Set(ids).size]).toEqual([60, 60]);
    });

    it('let not both cancel and finish win', async () => {
      const [one, two] = await open();
      for (let number = 1; number <= 20; number++) {
        const run = await startRun(one, number);
        const won = await Promise.all([
          one.update(run, finished(run), linesOf(1, 1, 'finished')),
          two.update(run, next(run, { status: 'canceled' }), linesOf(1, 1, 'canceled')),
        ]);
        expect(won.filter(Boolean)).toHaveLength(1);
        const end = (await one.get(run)) as RunRecord;
        expect(end.status).toBe(won[0] ? 'finished' : 'canceled');
        expect(await readAll(two, run)).toEqual(linesOf(1, 1, end.status).lines);
      }
    });

    it('write the numbers of one stream once', async () => {
      const [one, two] = await open();
      const run = await startRun(one, 1);
      for (let first = 1; first <= 30; first++) {
        const both = [one, two].map((store) => store.append({ ...run, attempt: 1 }, 'events', linesOf(first, 1)));
        expect((await Promise.all(both)).filter(Boolean)).toHaveLength(1);
      }
      expect(await readAll(two, run)).toEqual(linesOf(1, 30).lines);
    });

    it('call back in one what the other did', async () => {
      const [one, two] = await open();
      const run = await startRun(one, 1);
      // A call may be one too many: what counts is one after which there is something to read.
      const told = new Promise<void>((resolve) => {
        two.follow(run, async () => {
          if ((await two.last(run, 'events')) > 0) resolve();
        });
      });
      // Who begins to listen may need a moment until it hears.
      const writing = setInterval(async () => {
        const first = (await one.last(run, 'events')) + 1;
        await one.append({ ...run, attempt: 1 }, 'events', linesOf(first, 1));
      }, 50);
      await told;
      clearInterval(writing);
      expect(await two.last(run, 'events')).toBeGreaterThan(0);
    });

    it('tell the owner that the other asked to cancel', async () => {
      const [one, two] = await open();
      const run = await startRun(one, 1);
      const asked = next(run, { cancel_requested_at: '2026-03-01T12:00:00.500Z' });
      expect(await two.update(run, asked)).toBe(true);
      expect(await one.renew('worker', [run], NOW + 60_000)).toEqual({ lost: [], canceled: [run.run_id] });
      expect(await one.update(run, finished(run))).toBe(false);
    });
  });
}
