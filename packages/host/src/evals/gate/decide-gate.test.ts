// The gate: never a pass for what was not shown, and no pass that a better score would take away.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CaseResult, Scorecard } from '../run/scorecard.ts';
import { stabilityOf, summarize } from '../run/summarize.ts';
import type { Gate } from '../suite/suite.ts';
import { decideGate } from './decide-gate.ts';

type Card = Pick<Scorecard, 'suite' | 'cases' | 'summary' | 'repeat' | 'stability'>;

function cardOf(scores: readonly number[], repeat = 1, flaky = 0): Card {
  const cases = scores.map(
    (score, index): CaseResult => ({
      id: `c${index}`,
      tags: [],
      score,
      passed: score === 1,
      duration_ms: 1,
      ...(repeat === 1 ? {} : { scores: index < flaky ? [score, score / 2 + 0.1] : [score, score] }),
    }),
  );
  return {
    suite: 's',
    cases,
    summary: summarize(cases),
    repeat,
    ...(repeat === 1 ? {} : { stability: stabilityOf(cases) }),
  };
}
const failedOf = (card: Card, gate: Gate, baseline?: Card) =>
  decideGate(card, gate, baseline).checks.flatMap(({ check, passed }) => (passed ? [] : [check]));

describe('fails', () => {
  test.each<[string, Card, Gate, readonly string[], Card?]>([
    ['without cases', cardOf([]), { min_average_score: 0 }, ['cases']],
    ['with a low average', cardOf([1, 0]), { min_average_score: 0.51 }, ['min_average_score']],
    [
      'where its baseline is not there',
      cardOf([1]),
      { min_average_score: 0, max_regression: 1, baseline: 'x' },
      ['max_regression'],
    ],
    [
      'where it fell too far',
      cardOf([0.8]),
      { min_average_score: 0, max_regression: 0.1 },
      ['max_regression'],
      cardOf([1]),
    ],
    [
      'where it fell and nobody said how far it may',
      cardOf([0.8]),
      { min_average_score: 0 },
      ['max_regression'],
      cardOf([1]),
    ],
    [
      'where nothing can be compared',
      cardOf([1]),
      { min_average_score: 0, max_regression: 1 },
      ['max_regression'],
      cardOf([]),
    ],
    ['where stability was not measured', cardOf([1]), { min_average_score: 0, stability: 0 }, ['stability']],
    ['where cases are flaky', cardOf([1, 1], 2, 1), { min_average_score: 0, stability: 0.6 }, ['stability']],
  ])('%s', (_what, card, gate, failed, baseline) => {
    expect(failedOf(card, gate, baseline)).toEqual(failed);
    const decision = decideGate(card, gate, baseline);
    expect(decision.decision).toBe('fail');
    expect(decision.reasons).toHaveLength(failed.length);
  });

  test('with a score or an average that is no number', () => {
    const card = cardOf([1, Number.NaN]);
    expect(failedOf(card, { min_average_score: 0 })).toEqual(['scored', 'min_average_score']);
    expect(failedOf(cardOf([1]), { min_average_score: Number.NaN })).toEqual(['min_average_score']);
    expect(failedOf(cardOf([1]), { min_average_score: 0, max_regression: Number.NaN }, cardOf([1]))).toEqual([
      'max_regression',
    ]);
    expect(failedOf(cardOf([1]), { min_average_score: 0, max_regression: 1 }, cardOf([Number.NaN]))).toEqual([
      'max_regression',
    ]);
  });

  test('with a case that nobody could score, though the average would do', () => {
    const card = cardOf([1, 1, 0]);
    const [first, second, third] = card.cases as [CaseResult, CaseResult, CaseResult];
    const broken = (stage: 'call' | 'score') => ({
      ...card,
      cases: [first, second, { ...third, failure: { stage, code: 'invalid_output', message: 'x' } }],
    });
    expect(failedOf(broken('score'), { min_average_score: 0.5 })).toEqual(['scored']);
    expect(failedOf(broken('call'), { min_average_score: 0.5 })).toEqual([]);
  });
});

test('passes at its own limits, and says why', () => {
  expect(decideGate(cardOf([0.7, 0.8, 0.9]), { min_average_score: 0.8 })).toMatchObject({ decision: 'pass' });
  const { decision, reasons } = decideGate(cardOf([0.9]), { min_average_score: 0, max_regression: 0.1 }, cardOf([1]));
  expect([decision, reasons.length]).toEqual(['pass', 4]);
});

const score = fc.double({ min: 0, max: 1, noNaN: true });
const gates = fc.record({ min_average_score: score, max_regression: score });

test('a better score of any case, and a milder gate, never take a pass away', () => {
  const both = fc.array(fc.tuple(score, score), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(both, gates, fc.nat(7), score, score, (pairs, gate, which, raise, ease) => {
      const scores = pairs.map(([now]) => now);
      const baseline = cardOf(pairs.map(([, before]) => before));
      const before = decideGate(cardOf(scores), gate, baseline);
      const better = scores.map((each, index) => (index === which % scores.length ? Math.max(each, raise) : each));
      const milder = {
        min_average_score: Math.min(gate.min_average_score, ease),
        max_regression: Math.max(gate.max_regression, ease),
      };
      if (before.decision === 'pass') {
        expect(decideGate(cardOf(better), gate, baseline).decision).toBe('pass');
        expect(decideGate(cardOf(scores), milder, baseline).decision).toBe('pass');
      }
      expect(before.reasons.length).toBeGreaterThan(0);
      expect(before.decision === 'pass').toBe(before.checks.every(({ passed }) => passed));
    }),
  );
});
