// Wilson's score interval: how far the pass rate of all cases there could be may be from that of those that were run.
import type { Interval } from './scorecard.ts';

/** Two-sided 95 % of the normal distribution. */
const Z = 1.959963984540054;

/**
 * The 95 % interval of a rate. It stays within 0 and 1, also for few cases and for rates at the ends.
 *
 * @example
 * wilson(8, 10); // { low: 0.4902, high: 0.9433 } (rounded)
 */
export function wilson(passed: number, total: number): Interval {
  if (total === 0) return { low: 0, high: 1 };
  const rate = passed / total;
  const square = Z * Z;
  const centre = rate + square / (2 * total);
  const spread = Z * Math.sqrt((rate * (1 - rate)) / total + square / (4 * total * total));
  const scale = 1 + square / total;
  // At its ends the rate is an end of the interval; rounding must not put it outside.
  return {
    low: passed === 0 ? 0 : Math.max(0, Math.min(rate, (centre - spread) / scale)),
    high: passed === total ? 1 : Math.min(1, Math.max(rate, (centre + spread) / scale)),
  };
}
