// rate: so many calls in so much time, for each pack, user or run, with room for a burst.
import { type Call, type Policy, PypesError } from '@pypes/contract';
import { compileMatch, type Match } from '../match/match.ts';
import { keyWithin } from '../match/tenant.ts';
import { note } from '../trail.ts';

/** Whose calls are counted together. */
export type RateKey = 'pack' | 'user' | 'run' | 'all';

export type RateOptions = Match & {
  readonly max_calls: number;
  readonly per_seconds: number;
  readonly by?: RateKey;
};

const MOST_KEYS = 10_000;

/**
 * Lets `max_calls` through in every `per_seconds`, evenly refilled (a token bucket); more are denied with
 * `rate_limited` and details `{retry_after_ms}`. Counts are kept in memory, for the keys seen last; those of tenants
 * are apart, also with `by: 'all'`.
 *
 * @example
 * rate({ to: 'context.fetch', max_calls: 60, per_seconds: 60, by: 'user' }, Date.now);
 */
export function rate(options: RateOptions, now: () => number): Policy {
  const { max_calls: most, per_seconds: seconds, by = 'pack' } = options;
  const matches = compileMatch(options);
  const refill = most / (seconds * 1000);
  const buckets = new Map<string, { tokens: number; at: number }>();
  return async (call, next) => {
    if (!matches(call)) return next(call);
    const key = keyOf(call, by);
    const time = now();
    const known = buckets.get(key);
    buckets.delete(key);
    const tokens = known === undefined ? most : Math.min(most, known.tokens + Math.max(0, time - known.at) * refill);
    const allowed = tokens >= 1;
    buckets.set(key, { tokens: allowed ? tokens - 1 : tokens, at: time });
    if (buckets.size > MOST_KEYS) buckets.delete(buckets.keys().next().value as string);
    if (allowed) return next(call);
    const wait = Math.ceil((1 - tokens) / refill);
    const reason = `"${call.to}" was called more than ${most} times in ${seconds} s by this ${by}; try again in ${wait} ms`;
    note(call, 'rate', 'deny', reason);
    throw new PypesError('rate_limited', reason, { details: { policy: 'rate', retry_after_ms: wait } });
  };
}

function keyOf(call: Call, by: RateKey): string {
  if (by === 'pack') return keyWithin(call, call.packGuid);
  if (by === 'user') return keyWithin(call, `${call.packGuid} ${call.userGuid ?? ''}`);
  return keyWithin(call, by === 'run' ? (call.root ?? call.run) : '');
}
