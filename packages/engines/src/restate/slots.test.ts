import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSlots } from './slots.ts';

const never = new AbortController().signal;

test('there are so many places, and no more', async () => {
  const slots = createSlots(2);
  expect([await slots.take(0, never), await slots.take(0, never), await slots.take(0, never)]).toEqual([
    true,
    true,
    false,
  ]);
  expect(slots.isFull()).toBe(true);
  slots.free();
  expect(slots.isFull()).toBe(false);
});

test('who waits longest gets the next place, and who gave up gets none', async () => {
  const slots = createSlots(1);
  await slots.take(0, never);
  const gone = new AbortController();
  const order: string[] = [];
  const waiting = ['first', 'gone', 'last'].map(async (name) => {
    if (await slots.take(60_000, name === 'gone' ? gone.signal : never)) order.push(name);
  });
  gone.abort();
  slots.free();
  slots.free();
  await Promise.all(waiting);
  expect(order).toEqual(['first', 'last']);
  expect(slots.isFull()).toBe(true);
});

test('no place is lost and none is doubled, whatever happens', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.constantFrom('take', 'wait', 'free', 'stop')),
      async (count, steps) => {
        const slots = createSlots(count);
        let held = 0;
        const stops: AbortController[] = [];
        const waits: Promise<void>[] = [];
        for (const step of steps) {
          if (step === 'take') held += (await slots.take(0, never)) ? 1 : 0;
          if (step === 'free' && held > 0) {
            held -= 1;
            slots.free();
          }
          if (step === 'stop') stops.shift()?.abort();
          if (step === 'wait') {
            const stop = new AbortController();
            stops.push(stop);
            waits.push(
              slots.take(60_000, stop.signal).then((got) => {
                held += got ? 1 : 0;
              }),
            );
          }
          await Promise.resolve();
          await Promise.resolve();
          expect(held).toBeLessThanOrEqual(count);
          expect(slots.isFull()).toBe(held === count);
        }
        for (const stop of stops) stop.abort();
        await Promise.all(waits);
        expect(slots.isFull()).toBe(held === count);
      },
    ),
  );
});
