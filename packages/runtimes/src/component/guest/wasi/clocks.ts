// wasi:clocks: the time of day, and a clock that only goes on.
import { type Io, Pollable } from './io.ts';

const NANOSECONDS = 1_000_000n;
const RESOLUTION = 1_000n;
/** No call lasts longer than this. */
const LONGEST_MS = 2 ** 31 - 1;

export function createClocks(_io: Io): { readonly [name: string]: object } {
  const now = () => process.hrtime.bigint();
  const after = (nanoseconds: bigint) => {
    if (nanoseconds <= 0n) return new Pollable();
    const milliseconds = Math.min(Number(nanoseconds / NANOSECONDS) + 1, LONGEST_MS);
    const until = performance.now() + milliseconds;
    return new Pollable(() => new Promise((done) => setTimeout(done, Math.max(0, until - performance.now()))));
  };
  return {
    'clocks/monotonic-clock': {
      now,
      resolution: () => RESOLUTION,
      subscribeInstant: (when: bigint) => after(when - now()),
      subscribeDuration: after,
    },
    'clocks/wall-clock': {
      now: () => {
        const milliseconds = Date.now();
        return { seconds: BigInt(Math.floor(milliseconds / 1_000)), nanoseconds: (milliseconds % 1_000) * 1_000_000 };
      },
      resolution: () => ({ seconds: 0n, nanoseconds: 1_000_000 }),
    },
  };
}
