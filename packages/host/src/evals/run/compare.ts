// A scorecard beside an earlier one: what got better, what got worse, what is new and what has gone.
import { isJsonObject, type Json, PypesError } from '@pypes/contract';
import type { CaseChange, Comparison, Scorecard } from './scorecard.ts';
import { meanOf } from './summarize.ts';

/** What a comparison needs of an earlier scorecard. */
export type Baseline = Pick<Scorecard, 'suite'> & {
  readonly cases: readonly { readonly id: string; readonly score: number }[];
};

/** Scores that differ by less are the same. */
export const SAME = 1e-9;

/** Compares case by case. */
export function compareScorecards(now: Pick<Scorecard, 'cases'>, baseline: Baseline): Comparison {
  const before = new Map(baseline.cases.map(({ id, score }) => [id, score]));
  const current = new Set(now.cases.map(({ id }) => id));
  const common: readonly CaseChange[] = now.cases.flatMap(({ id, score }) => {
    const earlier = before.get(id);
    return earlier === undefined ? [] : [{ id, before: earlier, now: score }];
  });
  const averageBefore = meanOf(common.map((each) => each.before));
  const averageNow = meanOf(common.map((each) => each.now));
  return {
    common: common.length,
    average_before: averageBefore,
    average_now: averageNow,
    difference: averageNow - averageBefore,
    improved: common.filter((each) => each.now > each.before + SAME),
    regressed: common.filter((each) => each.now < each.before - SAME),
    added: now.cases.flatMap(({ id }) => (before.has(id) ? [] : [id])),
    missing: baseline.cases.flatMap(({ id }) => (current.has(id) ? [] : [id])),
  };
}

/**
 * A scorecard that was kept, as a baseline.
 *
 * @throws PypesError `invalid_request` where it is none: a comparison with nonsense would pass for one
 */
export function parseBaseline(value: Json): Baseline {
  const cases = isJsonObject(value) && Array.isArray(value.cases) ? (value.cases as readonly Json[]) : undefined;
  if (!isJsonObject(value) || value.format !== 'pypes-scorecard/1' || cases === undefined) {
    throw new PypesError('invalid_request', 'The baseline is no scorecard; pypes eval --save-baseline FILE writes one');
  }
  const seen = new Set<string>();
  return {
    suite: String(value.suite),
    cases: cases.map((each, index) => {
      const { id, score } = isJsonObject(each) ? each : {};
      const isGood = typeof id === 'string' && !seen.has(id) && typeof score === 'number' && score >= 0 && score <= 1;
      if (!isGood)
        throw new PypesError('invalid_request', `The baseline has no id and score from 0 to 1 at /cases/${index}`);
      seen.add(id);
      return { id, score };
    }),
  };
}
