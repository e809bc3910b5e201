// Results of cases → their summary, by tag too, and which of them came out differently from one time to the next.
import type { CaseResult, Scorecard, Stability, Summary } from './scorecard.ts';
import { wilson } from './wilson.ts';

/** The summary of some cases. */
export function summarize(cases: readonly CaseResult[]): Summary {
  const total = cases.length;
  const passed = cases.filter((each) => each.passed).length;
  return {
    total,
    passed,
    failed: cases.filter(({ failure }) => failure !== undefined).length,
    average_score: meanOf(cases.map(({ score }) => score)),
    pass_rate: total === 0 ? 0 : passed / total,
    interval: wilson(passed, total),
  };
}

/** A summary for each tag. */
export function summarizeTags(cases: readonly CaseResult[]): Scorecard['tags'] {
  const byTag = new Map<string, CaseResult[]>();
  for (const each of cases) {
    for (const tag of each.tags) {
      const those = byTag.get(tag);
      if (those === undefined) byTag.set(tag, [each]);
      else those.push(each);
    }
  }
  return [...byTag.keys()].sort().map((tag) => ({ tag, ...summarize(byTag.get(tag) ?? []) }));
}

/** Cases that had more than one score are flaky. */
export function stabilityOf(cases: readonly CaseResult[]): Stability {
  const flaky = cases.filter(({ scores = [] }) => new Set(scores).size > 1).map(({ id }) => id);
  const stable = cases.length - flaky.length;
  return { stable, share: cases.length === 0 ? 0 : stable / cases.length, flaky };
}

/** 0 of nothing; scores are within 0 and 1, and so is their mean, whatever rounding does to the sum. */
export function meanOf(scores: readonly number[]): number {
  if (scores.length === 0) return 0;
  return Math.min(1, scores.reduce((sum, score) => sum + score, 0) / scores.length);
}
