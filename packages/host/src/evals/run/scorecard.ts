// What a suite came to, as it crosses boundaries: in files, reports, bundles and answers of the service (spec 5, Eval).
import type { Target } from '../suite/suite.ts';

/** A scorecard. Its JSON is what baselines are kept as. */
export type Scorecard = {
  readonly format: 'pypes-scorecard/1';
  readonly suite: string;
  /** What was given the cases. */
  readonly target: Target & { readonly run_id?: string };
  /** ISO 8601 with milliseconds. */
  readonly started_at: string;
  readonly finished_at: string;
  /** How often each case was run. */
  readonly repeat: number;
  /** In the order of the suite. */
  readonly cases: readonly CaseResult[];
  readonly summary: Summary;
  /** By tag, sorted by name. */
  readonly tags: readonly (Summary & { readonly tag: string })[];
  /** Where cases were repeated. */
  readonly stability?: Stability;
  /** Where there was a baseline. */
  readonly comparison?: Comparison;
};

/** What one case came to; with repetitions the mean score, and passed only where it did each time. */
export type CaseResult = {
  readonly id: string;
  readonly tags: readonly string[];
  /** 0 to 1. */
  readonly score: number;
  readonly passed: boolean;
  /** Milliseconds of all repetitions together, scoring included. */
  readonly duration_ms: number;
  /** Of the worst repetition. */
  readonly reason?: string;
  readonly failure?: CaseFailure;
  /** The output of the worst repetition, as JSON of bounded length. */
  readonly output?: string;
  /** Where it was repeated: the score of each. */
  readonly scores?: readonly number[];
};

/** `call`: what runs failed, which is a score of 0. `score`: nobody knows how good the output is. */
export type CaseFailure = { readonly stage: 'call' | 'score'; readonly code: string; readonly message: string };

/** Of all cases, or of those with one tag. */
export type Summary = {
  readonly total: number;
  readonly passed: number;
  /** Cases with a failure. */
  readonly failed: number;
  /** Mean score; 0 where there are no cases. */
  readonly average_score: number;
  /** passed / total; 0 where there are no cases. */
  readonly pass_rate: number;
  /** 95 % Wilson interval of the pass rate. */
  readonly interval: Interval;
};

export type Interval = { readonly low: number; readonly high: number };

export type Stability = {
  /** Cases that came out the same each time. */
  readonly stable: number;
  /** stable / all; 0 where there are no cases. */
  readonly share: number;
  readonly flaky: readonly string[];
};

/** What changed against a baseline. Averages are over the cases that both have. */
export type Comparison = {
  readonly common: number;
  readonly average_before: number;
  readonly average_now: number;
  /** now − before. */
  readonly difference: number;
  readonly improved: readonly CaseChange[];
  readonly regressed: readonly CaseChange[];
  /** Cases that the baseline does not have. */
  readonly added: readonly string[];
  /** Cases that only the baseline has. */
  readonly missing: readonly string[];
};

export type CaseChange = { readonly id: string; readonly before: number; readonly now: number };
