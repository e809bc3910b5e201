// What waits goes together: each item once, those of one key in their order, and a bad one alone.
import { PypesError } from '@pypes/contract';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBatches } from './batch.ts';
import { createSharedReads } from './share.ts';

type Item = { readonly key: string; readonly number: number };

it('does each item once, in the order of its key, never two of one key at once', async () => {
  const keys = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(keys, fc.integer({ min: 1, max: 4 }), fc.scheduler(), async (chosen, lanes, scheduler) => {
      const done: Item[] = [];
      const underWay = new Set<string>();
      let busiest = 0;
      let busy = 0;
      const add = createBatches<Item, number>({
        keyOf: ({ key }) => key,
        sizeOf: () => 1,
        lanes,
        async run(items) {
          busiest = Math.max(busiest, ++busy);
          for (const { key } of items) {
            expect(underWay.has(key)).toBe(false);
            underWay.add(key);
          }
          await scheduler.schedule(Promise.resolve());
          for (const { key } of items) underWay.delete(key);
          done.push(...items);
          busy--;
          return items.map(({ number }) => -number);
        },
      });
      const answers = Promise.all(chosen.map((key, number) => add({ key, number })));
      await scheduler.waitFor(answers);
      expect(await answers).toEqual(chosen.map((_, number) => -number));
      expect(done).toHaveLength(chosen.length);
      expect(busiest).toBeLessThanOrEqual(lanes);
      for (const key of 'abcd') {
        const numbers = done.filter((item) => item.key === key).map(({ number }) => number);
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      }
    }),
  );
});

it('sends in one what waits while others are under way, and no more than fits', async () => {
  const sizes: number[] = [];
  const add = createBatches<number, number>({
    keyOf: String,
    sizeOf: (size) => size,
    lanes: 1,
    async run(items) {
      sizes.push(items.length);
      return items;
    },
  });
  await Promise.all(Array.from({ length: 600 }, (_, index) => add(index)));
  expect(sizes).toEqual([256, 256, 88]);
  sizes.length = 0;
  await Promise.all([3_000_000, 3_000_001, 9_000_000, 1].map(add));
  expect(sizes).toEqual([1, 1, 1, 1]);
});

it('takes a pair of one key along, and of three no more than that', async () => {
  const batches: string[][] = [];
  const add = createBatches<string, string>({
    keyOf: (item) => item[0] as string,
    isPair: (one, next) => one[1] !== next[1],
    sizeOf: () => 1,
    lanes: 1,
    async run(items) {
      batches.push([...items]);
      return items;
    },
  });
  const items = ['ae1', 'ac1', 'ae2', 'be1', 'be2', 'bc1'];
  expect(await Promise.all(items.map(add))).toEqual(items);
  expect(batches).toEqual([
    ['ae1', 'ac1', 'be1'],
    ['ae2', 'be2', 'bc1'],
  ]);
});

it('lets one that is refused fail alone, and all of them where the database is away', async () => {
  let code: 'invalid_request' | 'unavailable' = 'invalid_request';
  const add = createBatches<number, number>({
    keyOf: String,
    sizeOf: () => 1,
    lanes: 1,
    async run(items) {
      if (items.includes(2)) throw new PypesError(code, 'No');
      return items;
    },
  });
  const outcomes = async () => (await Promise.allSettled([1, 2, 3].map(add))).map(({ status }) => status);
  expect(await outcomes()).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  code = 'unavailable';
  expect(await outcomes()).toEqual(['rejected', 'rejected', 'rejected']);
});

it('shares a read that was not sent, and never one that was', async () => {
  const share = createSharedReads(1);
  let sent = 0;
  const answers = Array.from({ length: 3 }, () => Promise.withResolvers<number>());
  const ask = (key: string) => share(key, () => (answers[sent++] as (typeof answers)[number]).promise);
  const first = [ask('a'), ask('a')];
  await Promise.resolve();
  expect(sent).toBe(1);
  const second = [ask('a'), ask('a'), ask('b')];
  await Promise.resolve();
  for (const [index, { resolve }] of answers.entries()) resolve(index);
  expect(await Promise.all([...first, ...second])).toEqual([0, 0, 1, 1, 2]);
});

it('gives a failed read to all who share it, and goes on', async () => {
  const share = createSharedReads(1);
  const fail = () => Promise.reject(new Error('No'));
  const asked = await Promise.allSettled([share('a', fail), share('a', fail), share('b', async () => 1)]);
  expect(asked.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
});
