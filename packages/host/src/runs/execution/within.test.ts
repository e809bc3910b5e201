// Whoever waits for work leaves no timer behind: one of ten seconds kept an ended service alive.
import { getActiveResourcesInfo } from 'node:process';
import { expect, it } from 'vitest';
import { within } from './within.ts';

const timers = () => getActiveResourcesInfo().filter((each) => each === 'Timeout').length;

it('ends with the work, and leaves nothing behind', async () => {
  const before = timers();
  await within(3_600_000, Promise.resolve('done'));
  await expect(within(3_600_000, Promise.reject(new Error('failed')))).rejects.toThrow('failed');
  expect(timers()).toBeLessThanOrEqual(before);
});

it('ends after its time where the work does not', async () => {
  await within(1, new Promise(() => undefined));
});
