// Nonces that were seen: a signed request counts once. Bounded in time, by the clock window, and in number.
import { PypesError } from '../../errors.ts';

export interface NonceMemory {
  /** False where it was seen before. @throws PypesError `rate_limited` where no more can be remembered */
  take(nonce: string): boolean;
}

export type NonceOptions = {
  /** Time stamps may be this far off, to either side. Milliseconds. */
  readonly windowMs: number;
  /** How many are remembered: none of them is forgotten as long as it could be used again. */
  readonly most: number;
  readonly now: () => number;
};

export function createNonceMemory({ windowMs, most, now }: NonceOptions): NonceMemory {
  /** In the order in which they arrived, which is the order in which they are of no use any more. */
  const until = new Map<string, number>();
  return {
    take(nonce) {
      const time = now();
      for (const [old, end] of until) {
        if (end >= time) break;
        until.delete(old);
      }
      if (until.has(nonce)) return false;
      if (until.size >= most) {
        throw new PypesError('rate_limited', `More than ${most} signed requests came in ${(2 * windowMs) / 1000} s`);
      }
      until.set(nonce, time + 2 * windowMs);
      return true;
    },
  };
}
