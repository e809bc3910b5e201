// When a thread counts as one that does not let go.
import { expect, it } from 'vitest';
import { createPings } from './signs-of-life.ts';

/** Ticks until the answer to a ping is overdue, by a thread that computes so long in each. */
function ticksUntilOverdue(computedMsEach: number): number {
  const pings = createPings();
  pings.next();
  let ticks = 0;
  do ticks++;
  while (!pings.tick(ticks * computedMsEach) && ticks < 1_000);
  return ticks;
}

it('ends a thread that computes on at once, and one that gets little of a busy processor when it has computed enough', () => {
  expect(ticksUntilOverdue(25)).toBe(4);
  expect(ticksUntilOverdue(12)).toBe(5);
  expect(ticksUntilOverdue(5)).toBe(10);
});

it('ends a thread that waits without looking, a little later', () => {
  expect(ticksUntilOverdue(0)).toBe(21);
});

it('counts anew from each answer', () => {
  const pings = createPings();
  for (const number of [1, 2]) expect(pings.next()).toBe(number);
  for (let tick = 0; tick < 3; tick++) expect(pings.tick(100)).toBe(false);
  expect(pings.awaited).toBe(1);
  pings.answer(1);
  expect(pings.awaited).toBe(2);
  for (let tick = 0; tick < 3; tick++) expect(pings.tick(100)).toBe(false);
  expect(pings.tick(100)).toBe(true);
  pings.answer(2);
  expect(pings.awaited).toBeUndefined();
  for (let tick = 0; tick < 50; tick++) expect(pings.tick(100)).toBe(false);
});
