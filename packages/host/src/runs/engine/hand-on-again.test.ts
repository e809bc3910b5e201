import type { RunRef } from '@pypes/contract/runs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { handOnAgain } from './hand-on-again.ts';

const EVERY_MS = 1000;
const ref = (run_id: string): RunRef => ({ tenant: 't', run_id });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A store with these runs to hand on, and an engine that may be away. */
function setup() {
  const stale: RunRef[] = [];
  const submitted: string[] = [];
  const troubles: number[] = [];
  const engine = { isAway: false };
  const stop = handOnAgain({
    store: { stale: async () => [...stale] },
    engine: {
      async submit({ run_id: id }) {
        if (engine.isAway) throw new Error('away');
        submitted.push(id);
      },
    },
    everyMs: EVERY_MS,
    now: Date.now,
    onTrouble: ({ failures }) => troubles.push(failures),
  });
  const looks = (count: number) => vi.advanceTimersByTimeAsync(count * EVERY_MS);
  return { stale, submitted, troubles, engine, stop, looks };
}

test('a run that nobody has is handed on at the next look, and one that still waits not at each', async () => {
  const { stale, submitted, looks } = setup();
  stale.push(ref('a'));
  await looks(1);
  expect(submitted).toEqual(['a']);
  stale.push(ref('b'));
  await looks(5);
  expect(submitted).toEqual(['a', 'b']);
});

test('one that waits for long is handed on again: engines may lose what they had', async () => {
  const { stale, submitted, looks } = setup();
  stale.push(ref('a'));
  await looks(60);
  expect(submitted).toEqual(['a', 'a', 'a']);
});

test('one that had begun and was lost is handed on anew', async () => {
  const { stale, submitted, looks } = setup();
  stale.push(ref('a'));
  await looks(1);
  stale.pop();
  await looks(1);
  stale.push(ref('a'));
  await looks(1);
  expect(submitted).toEqual(['a', 'a']);
});

test('where the engine is away, it is tried again, and somebody is told', async () => {
  const { stale, submitted, troubles, engine, looks } = setup();
  engine.isAway = true;
  stale.push(ref('a'), ref('b'));
  await looks(2);
  expect([submitted, troubles]).toEqual([[], [1, 2]]);
  engine.isAway = false;
  await looks(1);
  expect(submitted).toEqual(['a', 'b']);
});

test('nothing is handed on after the end', async () => {
  const { stale, submitted, stop, looks } = setup();
  stop();
  stale.push(ref('a'));
  await looks(3);
  expect(submitted).toEqual([]);
});
