// One repetition of one case: called, scored, timed. What goes wrong is a result, except that somebody ended it all.
import { canonicalJson, type Json, type PypesError, toPypesError } from '@pypes/contract';
import { cut, type Scorer } from '../scorers/scorer.ts';
import type { SuiteCase } from '../suite/suite.ts';
import type { CaseFailure, CaseResult } from './scorecard.ts';
import { meanOf } from './summarize.ts';

/** Gives a case to what is evaluated. */
export type CallCase = (given: SuiteCase, signal: AbortSignal) => Promise<Json>;

/** One repetition. */
export type Attempt = {
  readonly score: number;
  readonly passed: boolean;
  readonly duration_ms: number;
  readonly reason?: string;
  readonly failure?: CaseFailure;
  readonly output?: string;
};

const LONGEST_OUTPUT = 2000;
const LONGEST_MESSAGE = 1000;

/** Runs a case once. @throws what `signal` was aborted with */
export async function runCase(
  given: SuiteCase,
  {
    call,
    score,
    now,
    signal,
  }: { readonly call: CallCase; readonly score: Scorer; readonly now: () => number; readonly signal: AbortSignal },
): Promise<Attempt> {
  const began = now();
  const ended = () => ({ duration_ms: Math.max(0, now() - began) });
  let output: Json;
  try {
    output = await call(given, signal);
  } catch (error) {
    signal.throwIfAborted();
    return { score: 0, passed: false, failure: toFailure('call', toPypesError(error)), ...ended() };
  }
  try {
    const shown = { output: cut(canonicalJson(output), LONGEST_OUTPUT) };
    const { input, expect } = given;
    const scored = await score({ input, output, ...(expect === undefined ? {} : { expect }) }, signal);
    signal.throwIfAborted();
    const { score: value, reason } = scored;
    return {
      score: value,
      passed: value >= given.pass_score,
      ...(reason === undefined ? {} : { reason }),
      ...shown,
      ...ended(),
    };
  } catch (error) {
    signal.throwIfAborted();
    return { score: 0, passed: false, failure: toFailure('score', toPypesError(error)), ...ended() };
  }
}

/** All repetitions of a case as one result: the mean, and what went wrong the worst time. */
export function toResult({ id, tags }: SuiteCase, attempts: readonly Attempt[]): CaseResult {
  const worst = attempts.reduce((least, each) => (rank(each) < rank(least) ? each : least));
  const { reason, failure, output } = worst;
  return {
    id,
    tags,
    score: meanOf(attempts.map(({ score }) => score)),
    passed: attempts.every(({ passed }) => passed),
    duration_ms: attempts.reduce((sum, { duration_ms }) => sum + duration_ms, 0),
    ...(reason === undefined ? {} : { reason }),
    ...(failure === undefined ? {} : { failure }),
    ...(output === undefined ? {} : { output }),
    ...(attempts.length === 1 ? {} : { scores: attempts.map(({ score }) => score) }),
  };
}

/** That nobody knows the score is worse than a failure, and that worse than any score. */
function rank({ score, failure }: Attempt): number {
  if (failure === undefined) return score;
  return failure.stage === 'score' ? -2 : -1;
}

function toFailure(stage: CaseFailure['stage'], { code, message }: PypesError): CaseFailure {
  return { stage, code, message: cut(message, LONGEST_MESSAGE) };
}
