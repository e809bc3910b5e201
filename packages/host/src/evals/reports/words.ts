// Numbers and sentences that every report says the same way.
import type { GateDecision } from '../gate/decide-gate.ts';
import type { CaseResult, Scorecard, Summary } from '../run/scorecard.ts';

/** What reports are made of. */
export type Report = { readonly scorecard: Scorecard; readonly gate_decision: GateDecision };

/** `0.9333`, never more than four digits behind the point. */
export function toScoreText(score: number): string {
  return String(Math.round(score * 10_000) / 10_000);
}

/** `+0.05`, `−0.1`, `±0`. */
export function toChangeText(difference: number): string {
  const rounded = Math.round(difference * 10_000) / 10_000;
  return rounded === 0 ? '±0' : `${rounded > 0 ? '+' : '−'}${Math.abs(rounded)}`;
}

/** `93.3 %`. */
export function toPercent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}

/** `28 of 30 passed (93.3 %; 95 % interval 78.7 % to 98.2 %)`. */
export function toPassText({ passed, total, pass_rate, interval }: Summary): string {
  return `${passed} of ${total} passed (${toPercent(pass_rate)}; 95 % interval ${toPercent(interval.low)} to ${toPercent(interval.high)})`;
}

/** `12 ms`, `3.4 s`. */
export function toDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}

/** What went wrong in a case; empty where nothing did. */
export function toFault({ failure, reason, passed }: CaseResult): string {
  if (failure !== undefined) {
    return `${failure.stage === 'call' ? '' : 'could not be scored: '}${failure.code}: ${failure.message}`;
  }
  return passed ? '' : (reason ?? 'the score is too low');
}

/** `agent unit-convert of pack units`. */
export function toTargetText({ agent, pack, blueprint, agreement, run_id }: Scorecard['target']): string {
  const what =
    agent !== undefined
      ? `agent ${agent}${pack === undefined ? '' : ` of pack ${pack}`}`
      : blueprint !== undefined
        ? `blueprint ${blueprint}`
        : agreement !== undefined
          ? `agreement ${agreement}`
          : '';
  return [what, run_id === undefined ? '' : `run ${run_id}`].filter((word) => word !== '').join(', ');
}

/** Cases with the worst first; those that are equal stay in their order. */
export function worstFirst(cases: readonly CaseResult[]): readonly CaseResult[] {
  return [...cases].sort((a, b) => Number(a.passed) - Number(b.passed) || a.score - b.score);
}
