// What a replay shows, in short: how many calls change and how, by policy and by what is called, with one of each.
import { CHANGES, type Change } from './change.ts';
import type { ReplayResult } from './replay.ts';

/** Calls that change in the same way, by the same policy, on their way to the same callee. */
export type Difference = {
  readonly change: Change;
  /** The policy that would decide; where it would let through, the one that did decide. */
  readonly policy?: string;
  readonly to: string;
  readonly calls: number;
  /** So many of them had secrets cut out, and may have been judged by what stands in their place. */
  readonly hidden: number;
  readonly example: ReplayResult;
};

export type ReplaySummary = {
  readonly calls: number;
  readonly runs: number;
  /** When the first of them came and the last one left, milliseconds since 1970; absent where there are none. */
  readonly began?: number;
  readonly ended?: number;
  readonly counts: { readonly [change in Change]: number };
  /** Without `same`; most important first, then most frequent. */
  readonly differences: readonly Difference[];
};

/** Sums up results. */
export function summarizeReplay(results: readonly ReplayResult[]): ReplaySummary {
  const counts = Object.fromEntries(CHANGES.map((change) => [change, 0])) as { [change in Change]: number };
  const differences = new Map<string, Difference>();
  let [began, ended] = [Number.POSITIVE_INFINITY, 0];
  for (const result of results) {
    const { call, change } = result;
    counts[change] += 1;
    began = Math.min(began, call.arrived[0]);
    ended = Math.max(ended, call.left[0]);
    if (change === 'same') continue;
    const policy = decider(result);
    const key = JSON.stringify([change, policy, call.to]);
    const { calls = 0, hidden = 0, example = result } = differences.get(key) ?? {};
    differences.set(key, {
      change,
      ...(policy === undefined ? {} : { policy }),
      to: call.to,
      calls: calls + 1,
      hidden: hidden + (call.hidden === true ? 1 : 0),
      example,
    });
  }
  return {
    calls: results.length,
    runs: new Set(results.map(({ call }) => call.root)).size,
    ...(results.length === 0 ? {} : { began, ended }),
    counts,
    differences: [...differences.values()].sort(
      (a, b) => CHANGES.indexOf(a.change) - CHANGES.indexOf(b.change) || b.calls - a.calls,
    ),
  };
}

function decider({ change, today, would }: ReplayResult): string | undefined {
  return change === 'newly_let_through' || change === 'no_longer_changed' ? today.policy : would?.policy;
}
