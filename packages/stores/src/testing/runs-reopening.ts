// The shared suite of run stores: what was answered is there when the place is opened again.
import type { RunStore } from '@pypes/contract/runs';
import { describe, expect, it } from 'vitest';
import { finished, linesOf, NOW, newRun, readAll, startRun } from './runs-made.ts';

export function testRunReopening(
  createStore: () => RunStore | Promise<RunStore>,
  reopen: (store: RunStore) => Promise<RunStore>,
): void {
  describe('opened again', () => {
    it('has every run, line and key', async () => {
      let store = await createStore();
      const running = await startRun(store, 1);
      await store.append({ ...running, attempt: 1 }, 'events', linesOf(1, 30));
      await store.append({ ...running, attempt: 1 }, 'calls', linesOf(1, 3));
      const ended = await startRun(store, 2, { tenant: 'acme' });
      await store.update(ended, finished(ended), linesOf(1, 2));
      const { record: queued } = await store.create(newRun(3, { idempotency_key: 'once' }));
      store = await reopen(store);
      expect(await store.get(running)).toEqual(running);
      expect(await readAll(store, running)).toEqual(linesOf(1, 30).lines);
      expect(await store.read(running, 'calls', 1, 5)).toEqual(linesOf(2, 2).lines);
      expect(await store.get(ended)).toEqual(finished(ended));
      expect(await readAll(store, ended, 1)).toEqual(linesOf(1, 2).lines);
      expect((await store.list('', { limit: 9 })).map(({ run_id }) => run_id)).toEqual([queued.run_id, running.run_id]);
      expect((await store.create(newRun(9, { idempotency_key: 'once' }))).record).toEqual(queued);
      await expect(store.create(newRun(2, { tenant: 'acme' }))).rejects.toMatchObject({ code: 'conflict' });
      await store.close();
    });

    it('goes on with the numbers and versions where it stopped', async () => {
      let store = await createStore();
      const run = await startRun(store, 1);
      for (let round = 0; round < 4; round++) {
        const first = 1 + round * 2;
        expect(await store.append({ ...run, attempt: 1 }, 'events', linesOf(first, 2))).toBe(true);
        store = await reopen(store);
        expect(await store.append({ ...run, attempt: 1 }, 'events', linesOf(first, 2))).toBe(false);
      }
      const taken = await store.take(run, 'next', { now: NOW, leaseMs: 10 });
      expect([taken?.version, taken?.attempt]).toEqual([3, 2]);
      expect(await readAll(store, run)).toEqual(linesOf(1, 8).lines);
      await store.close();
    });
  });
}
