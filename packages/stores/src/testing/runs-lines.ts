// The shared suite of run stores: lines of the streams, their numbers, who may write them, who is told.
import { isPypesError } from '@pypes/contract';
import type { RunLines, RunRecord } from '@pypes/contract/runs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { finished, linesOf, NOW, newRun, type OpenRunStore, readAll, startRun } from './runs-made.ts';

export function testRunLines(open: OpenRunStore): void {
  describe('lines', () => {
    it('numbers lines from 1 and gives them out by pages of any size', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      expect([await store.last(run, 'events'), await store.read(run, 'events', 0, 10)]).toEqual([0, []]);
      for (const [first, count] of [
        [1, 1],
        [2, 7],
        [9, 40],
        [49, 2],
      ] as const) {
        expect(await store.append({ ...run, attempt: 1 }, 'events', linesOf(first, count))).toBe(true);
      }
      const all = linesOf(1, 50).lines;
      expect(await store.last(run, 'events')).toBe(50);
      for (const page of [1, 3, 7, 49, 50, 500]) expect(await readAll(store, run, page)).toEqual(all);
      for (const after of [0, 1, 7, 8, 48, 49])
        expect(await store.read(run, 'events', after, 3)).toEqual(all.slice(after, after + 3));
      expect(await store.read(run, 'events', 50, 10)).toEqual([]);
      expect(await store.read(run, 'events', 1_000, 10)).toEqual([]);
    });

    it('keeps events and calls apart', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      await store.append({ ...run, attempt: 1 }, 'calls', linesOf(1, 2, 'call'));
      await store.append({ ...run, attempt: 1 }, 'events', linesOf(1, 1, 'event'));
      await store.append({ ...run, attempt: 1 }, 'calls', linesOf(3, 1, 'call'));
      expect(await store.read(run, 'events', 0, 10)).toEqual(linesOf(1, 1, 'event').lines);
      expect(await store.read(run, 'calls', 0, 10)).toEqual(linesOf(1, 3, 'call').lines);
      expect([await store.last(run, 'events'), await store.last(run, 'calls')]).toEqual([1, 3]);
    });

    it('gives back any text that is one line, byte for byte', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      const texts = fc.array(
        fc.oneof(
          fc.json({ maxDepth: 2 }),
          fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
        ),
        {
          minLength: 1,
          maxLength: 5,
        },
      );
      let first = 1;
      await fc.assert(
        fc.asyncProperty(texts, async (lines) => {
          expect(await store.append({ ...run, attempt: 1 }, 'events', { first, lines })).toBe(true);
          expect(await store.read(run, 'events', first - 1, 10)).toEqual(lines);
          first += lines.length;
        }),
        { numRuns: 20 },
      );
    });

    it('keeps very long lines, and refuses what would be two', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      const long = JSON.stringify({ text: 'ü\u2028😀'.repeat(300_000) });
      expect(await store.append({ ...run, attempt: 1 }, 'events', { first: 1, lines: ['{}', long, '{}'] })).toBe(true);
      expect((await readAll(store, run)).map((line) => line.length)).toEqual([2, long.length, 2]);
      expect((await store.read(run, 'events', 1, 1))[0] === long).toBe(true);
      const twoLines = store.append({ ...run, attempt: 1 }, 'events', { first: 4, lines: ['{}\n{}'] });
      await expect(twoLines).rejects.toSatisfy((error) => isPypesError(error) && error.code === 'invalid_request');
      expect(await store.last(run, 'events')).toBe(3);
    });

    it('takes appends of one turn in their order', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      const done = await Promise.all(
        Array.from({ length: 200 }, (_, index) =>
          store.append({ ...run, attempt: 1 }, 'events', linesOf(index + 1, 1)),
        ),
      );
      expect(done.every(Boolean)).toBe(true);
      expect(await readAll(store, run)).toEqual(linesOf(1, 200).lines);
    });

    it('takes of two that write the same number the first', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      const done = await Promise.all(
        ['a', 'b', 'c'].map((text) => store.append({ ...run, attempt: 1 }, 'events', linesOf(1, 2, text))),
      );
      expect(done).toEqual([true, false, false]);
      for (const first of [0, 1, 2, 4]) {
        expect(await store.append({ ...run, attempt: 1 }, 'events', linesOf(first, 1))).toBe(false);
      }
      expect(await readAll(store, run)).toEqual(linesOf(1, 2, 'a').lines);
    });

    it('fences off who does not have the run', async () => {
      const store = await open();
      const { record: queued } = await store.create(newRun(1));
      expect(await store.append({ ...queued, attempt: 0 }, 'events', linesOf(1, 1))).toBe(false);
      const one = await store.take(queued, 'one', { now: NOW, leaseMs: 10 });
      expect(await store.append({ ...queued, attempt: 1 }, 'events', linesOf(1, 1))).toBe(true);
      const two = (await store.take(queued, 'two', { now: NOW, leaseMs: 10 })) as RunRecord;
      expect(await store.append({ ...queued, attempt: 1 }, 'events', linesOf(2, 1))).toBe(false);
      expect(await store.update(one as RunRecord, finished(one as RunRecord), linesOf(2, 1))).toBe(false);
      expect(await store.append({ ...queued, attempt: 2 }, 'calls', linesOf(1, 1))).toBe(true);
      expect(await store.update(two, finished(two), linesOf(2, 1))).toBe(true);
      for (const stream of ['events', 'calls'] as const) {
        expect(await store.append({ ...queued, attempt: 2 }, stream, linesOf(stream === 'events' ? 3 : 2, 1))).toBe(
          false,
        );
      }
      expect(await store.append({ tenant: '', run_id: 'run-none', attempt: 1 }, 'events', linesOf(1, 1))).toBe(false);
      expect(await readAll(store, queued)).toEqual(linesOf(1, 2).lines);
    });
  });

  describe('following', () => {
    it('calls back after events and after changes, until it ends', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      const other = await startRun(store, 2);
      let told: PromiseWithResolvers<void> = Promise.withResolvers();
      let calls = 0;
      const stop = store.follow(run, () => {
        calls += 1;
        told.resolve();
      });
      await store.append({ ...run, attempt: 1 }, 'events', linesOf(1, 1));
      await told.promise;
      expect(await store.last(run, 'events')).toBe(1);
      told = Promise.withResolvers();
      await store.update(run, finished(run), linesOf(2, 1));
      await told.promise;
      expect((await store.get(run))?.status).toBe('finished');
      stop();
      stop();
      const before = calls;
      const otherTold = new Promise<void>((resolve) => store.follow(other, () => resolve()));
      await store.append({ ...other, attempt: 1 }, 'events', linesOf(1, 1));
      await otherTold;
      expect(calls).toBe(before);
    });

    it('tells no lines but those that are stored, with their numbers', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      const told: RunLines[] = [];
      const last = Promise.withResolvers<void>();
      store.follow(run, (added) => {
        if (added !== undefined) told.push(added);
        void store.last(run, 'events').then((count) => count === 21 && last.resolve());
      });
      await Promise.all([1, 6, 11].map((first) => store.append({ ...run, attempt: 1 }, 'events', linesOf(first, 5))));
      await store.append({ ...run, attempt: 1 }, 'events', linesOf(30, 1, 'refused'));
      await store.append({ ...run, attempt: 1 }, 'events', linesOf(16, 5));
      await store.update(run, finished(run), linesOf(21, 1));
      await last.promise;
      for (const { first, lines } of told) expect(lines).toEqual(linesOf(first, lines.length).lines);
    });

    it('misses nothing for a reader that looks after each call', async () => {
      const store = await open();
      const run = await startRun(store, 1);
      const seen: string[] = [];
      const all = Promise.withResolvers<void>();
      let isReading = false;
      let isChanged = false;
      store.follow(run, async () => {
        isChanged = true;
        if (isReading) return;
        isReading = true;
        while (isChanged) {
          isChanged = false;
          for (let lines: readonly string[] = ['']; lines.length > 0; seen.push(...lines)) {
            lines = await store.read(run, 'events', seen.length, 7);
          }
        }
        isReading = false;
        if (seen.length === 100) all.resolve();
      });
      for (let first = 1; first <= 100; first += 5) {
        await store.append({ ...run, attempt: 1 }, 'events', linesOf(first, 5));
      }
      await all.promise;
      expect(seen).toEqual(linesOf(1, 100).lines);
    });
  });
}
