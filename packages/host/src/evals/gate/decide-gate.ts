// Whether a scorecard is good enough, and why: a check that could not be made has failed (spec 5, gate decision).
import { type Baseline, compareScorecards, SAME } from '../run/compare.ts';
import type { Scorecard } from '../run/scorecard.ts';
import type { Gate } from '../suite/suite.ts';

/** The decision, with a reason for each check that was made. */
export type GateDecision = {
  readonly decision: 'pass' | 'fail';
  /** What failed; of a pass, what held. Never empty. */
  readonly reasons: readonly string[];
  readonly checks: readonly GateCheck[];
};

export type GateCheck = {
  readonly check: 'cases' | 'scored' | 'min_average_score' | 'max_regression' | 'stability';
  readonly passed: boolean;
  readonly message: string;
};

/**
 * Decides. A better score of any case, and a milder gate, never turn a pass into a failure.
 *
 * @param baseline what the gate's baseline is; leaving it out where the gate names one fails
 */
export function decideGate(
  scorecard: Pick<Scorecard, 'cases' | 'summary' | 'repeat' | 'stability'>,
  gate: Gate,
  baseline?: Baseline,
): GateDecision {
  const checks = [
    checkCases(scorecard),
    checkScored(scorecard),
    checkAverage(scorecard, gate),
    ...checkRegression(scorecard, gate, baseline),
    ...checkStability(scorecard, gate),
  ];
  const failed = checks.filter(({ passed }) => !passed);
  const reasons = (failed.length > 0 ? failed : checks).map(({ message }) => message);
  return { decision: failed.length > 0 ? 'fail' : 'pass', reasons, checks };
}

function checkCases({ cases }: Pick<Scorecard, 'cases'>): GateCheck {
  const message = cases.length === 0 ? 'There are no cases: nothing was shown' : `${cases.length} cases were run`;
  return { check: 'cases', passed: cases.length > 0, message };
}

const MOST_NAMED = 5;

function checkScored({ cases }: Pick<Scorecard, 'cases'>): GateCheck {
  const unknown = cases.filter(({ failure, score }) => failure?.stage === 'score' || !isScore(score));
  if (unknown.length === 0) return { check: 'scored', passed: true, message: 'Every case has a score' };
  const names = unknown
    .slice(0, MOST_NAMED)
    .map(({ id }) => `"${id}"`)
    .join(', ');
  const more = unknown.length > MOST_NAMED ? ' and others' : '';
  return { check: 'scored', passed: false, message: `${unknown.length} case(s) could not be scored: ${names}${more}` };
}

function checkAverage({ summary }: Pick<Scorecard, 'summary'>, { min_average_score: least }: Gate): GateCheck {
  const average = summary.average_score;
  // NaN is not at least anything.
  const passed = isScore(average) && average >= least - SAME;
  const word = passed ? 'at least' : 'not at least';
  return {
    check: 'min_average_score',
    passed,
    message: `The average score ${toText(average)} is ${word} ${toText(least)}`,
  };
}

function checkRegression(
  scorecard: Pick<Scorecard, 'cases'>,
  { max_regression: most, baseline: named }: Gate,
  baseline: Baseline | undefined,
): readonly GateCheck[] {
  const check = 'max_regression';
  if (baseline === undefined) {
    if (named === undefined) return [];
    const message = `The baseline "${named}" is not there; save one from a good run`;
    return [{ check, passed: false, message }];
  }
  const { common, difference, average_before, average_now } = compareScorecards(scorecard, baseline);
  if (common === 0) return [{ check, passed: false, message: 'The baseline has none of the cases that were run' }];
  const allowed = most ?? 0;
  const passed = Number.isFinite(difference) && -difference <= allowed + SAME;
  const change = `${toText(average_before)} to ${toText(average_now)}, over the ${common} case(s) that the baseline has`;
  return [{ check, passed, message: `The average went from ${change}; it may fall by at most ${toText(allowed)}` }];
}

function checkStability(
  { repeat, stability }: Pick<Scorecard, 'repeat' | 'stability'>,
  { stability: least }: Gate,
): readonly GateCheck[] {
  const check = 'stability';
  if (least === undefined) return [];
  if (repeat < 2 || stability === undefined) {
    return [{ check, passed: false, message: 'Stability was asked for, but each case was run once; repeat them' }];
  }
  const passed = stability.share >= least - SAME;
  const flaky = stability.flaky
    .slice(0, MOST_NAMED)
    .map((id) => `"${id}"`)
    .join(', ');
  const those = flaky === '' ? '' : `; these differ: ${flaky}`;
  const word = passed ? 'at least' : 'not at least';
  const message = `${toText(stability.share)} of the cases came out the same each of ${repeat} times, ${word} ${toText(least)}${those}`;
  return [{ check, passed, message }];
}

function isScore(value: number): boolean {
  return value >= 0 && value <= 1;
}

function toText(value: number): string {
  return String(Math.round(value * 10_000) / 10_000);
}
