// A closed pool starts nothing more, whoever asks.
import { expect, test, vi } from 'vitest';
import { createSpare } from './spare.ts';

test('starts nothing after it was closed', () => {
  vi.useFakeTimers();
  try {
    const start = vi.fn(() => ({ kill: () => {} }) as never);
    const spare = createSpare(start);
    spare.refill();
    vi.runAllTimers();
    expect(start).toHaveBeenCalledTimes(1);
    expect(spare.take()).toBeDefined();
    spare.refill();
    spare.close();
    spare.refill();
    vi.runAllTimers();
    expect(start).toHaveBeenCalledTimes(1);
    expect(spare.take()).toBeUndefined();
  } finally {
    vi.useRealTimers();
  }
});
