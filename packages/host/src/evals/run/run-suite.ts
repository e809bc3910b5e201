// Runs a suite: every case as often as asked for, some at once, in no more memory than their results need (spec 5, Eval).
import { PypesError } from '@pypes/contract';
import type { ScorerServices } from '../scorers/scorer.ts';
import { toScorer } from '../scorers/to-scorer.ts';
import type { Suite, SuiteCase } from '../suite/suite.ts';
import { type Baseline, compareScorecards } from './compare.ts';
import { type Attempt, type CallCase, runCase, toResult } from './run-case.ts';
import type { CaseResult, Scorecard } from './scorecard.ts';
import { stabilityOf, summarize, summarizeTags } from './summarize.ts';

/** What it takes to run a suite. */
export type RunSuite = {
  readonly suite: Suite;
  readonly call: CallCase;
  readonly scorers: ScorerServices;
  /** What is called, for the scorecard; the suite's own target when left out. */
  readonly target?: Scorecard['target'];
  readonly baseline?: Baseline;
  /** How many calls may be under way at once; 1 to 256, default 4. */
  readonly parallel?: number;
  /** How often each case is run; 1 to 100. Default: 3 where the gate asks for stability, else 1. */
  readonly repeat?: number;
  /** A case is done, with all of its repetitions. */
  readonly onProgress?: (progress: Progress) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal: AbortSignal;
};

/** How far it is: cases, not repetitions. */
export type Progress = { readonly done: number; readonly total: number; readonly result: CaseResult };

export const MOST_PARALLEL = 256;
export const MOST_REPEAT = 100;
const DEFAULT_PARALLEL = 4;
const REPEAT_FOR_STABILITY = 3;

/**
 * Runs a suite to its scorecard. A case that fails is a result; what keeps all of it from running is an error.
 *
 * @throws PypesError `invalid_request`, `unsupported` for scorers that cannot work, before anything is called;
 *   what `signal` was aborted with
 * @example
 * const scorecard = await runSuite({ suite, call: ({ input }) => agent(input), scorers: { schemas }, now: Date.now, signal });
 */
export async function runSuite(options: RunSuite): Promise<Scorecard> {
  const { suite, call, now, signal, baseline } = options;
  const parallel = whole(options.parallel ?? DEFAULT_PARALLEL, 'parallel', MOST_PARALLEL);
  const repeat = whole(
    options.repeat ?? (suite.gate.stability === undefined ? 1 : REPEAT_FOR_STABILITY),
    'repeat',
    MOST_REPEAT,
  );
  const scorers = suite.cases.map((each) => toScorer(each, options.scorers));
  const started = now();
  const total = suite.cases.length;
  const attempts: Attempt[][] = suite.cases.map(() => []);
  const results: (CaseResult | undefined)[] = suite.cases.map(() => undefined);
  let done = 0;
  await inParallel(total * repeat, parallel, signal, async (job, within) => {
    const index = Math.floor(job / repeat);
    const given = suite.cases[index] as SuiteCase;
    const score = scorers[index] as (typeof scorers)[number];
    const those = attempts[index] as Attempt[];
    those.push(await runCase(given, { call, score, now, signal: within }));
    if (those.length < repeat) return;
    const result = toResult(given, those);
    results[index] = result;
    done += 1;
    options.onProgress?.({ done, total, result });
  });
  const cases = results as readonly CaseResult[];
  return {
    format: 'pypes-scorecard/1',
    suite: suite.name,
    target: options.target ?? targetOf(suite),
    started_at: new Date(started).toISOString(),
    finished_at: new Date(now()).toISOString(),
    repeat,
    cases,
    summary: summarize(cases),
    tags: summarizeTags(cases),
    ...(repeat === 1 ? {} : { stability: stabilityOf(cases) }),
    ...(baseline === undefined ? {} : { comparison: compareScorecards({ cases }, baseline) }),
  };
}

/** What the suite itself says it is for. */
export function targetOf({ agent, pack, blueprint }: Suite): Scorecard['target'] {
  return {
    ...(agent === undefined ? {} : { agent }),
    ...(pack === undefined ? {} : { pack }),
    ...(blueprint === undefined ? {} : { blueprint }),
  };
}

function whole(value: number, name: string, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new PypesError('invalid_request', `"${name}" takes a whole number from 1 to ${most}, got ${value}`);
}

/** Jobs in their order, so many at once. The first that rejects ends the others, and is what it rejects with. */
async function inParallel(
  jobs: number,
  parallel: number,
  signal: AbortSignal,
  work: (job: number, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const within = AbortSignal.any([signal, failed.signal]);
  let next = 0;
  const worker = async () => {
    while (next < jobs) {
      within.throwIfAborted();
      await work(next++, within);
    }
  };
  const workers = Array.from({ length: Math.min(parallel, jobs) }, () =>
    worker().catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(workers);
  within.throwIfAborted();
}
