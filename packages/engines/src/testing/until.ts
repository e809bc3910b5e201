// Waits for something that happens elsewhere, and says what there was where it did not happen.
import { setTimeout as sleep } from 'node:timers/promises';

/** The first value that `wanted` accepts. Looking costs time itself: those who measure look less often. */
export async function until<T>(
  look: () => Promise<T>,
  wanted: (value: T) => boolean,
  withinMs = 20_000,
  everyMs = 10,
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    const value = await look();
    if (wanted(value)) return value;
    if (performance.now() > end) throw new Error(`Not within ${withinMs} ms: ${JSON.stringify(value)?.slice(0, 2000)}`);
    await sleep(everyMs);
  }
}
