// A suite as data: cases with what is expected of each, what runs them, and when the whole is good enough (spec 5, Eval).
import type { Json, JsonObject, JsonSchema } from '@pypes/contract';
import type { RunRequest } from '@pypes/contract/runs';

/** A suite, with what its text left out filled in. Its JSON is a suite too. */
export type Suite = {
  readonly name: string;
  /** What the cases are given to; absent where whoever runs the suite says so. */
  readonly agent?: string;
  readonly pack?: string;
  readonly blueprint?: string;
  readonly cases: readonly SuiteCase[];
  readonly gate: Gate;
};

/** One case. */
export type SuiteCase = {
  readonly id: string;
  readonly input: JsonObject;
  /** What the output should be; how close it has to be is the scorers' affair. */
  readonly expect?: Json;
  /** At least one. */
  readonly scorer: readonly ScorerSpec[];
  /** What several scorers come to: their mean, or the lowest of them. */
  readonly combine: 'average' | 'all';
  /** The case passes with this score or a higher one; 0 to 1. */
  readonly pass_score: number;
  readonly tags: readonly string[];
};

/** When the suite is good enough. */
export type Gate = {
  /** 0 to 1. */
  readonly min_average_score: number;
  /** How much lower than the baseline's the average over the cases that both have may be; 0 to 1. */
  readonly max_regression?: number;
  /** Where the scorecard is kept that this one is compared with; whoever runs the suite knows how to read it. */
  readonly baseline?: string;
  /** The least share of cases that come out the same each time they are repeated; 0 to 1. */
  readonly stability?: number;
};

/** `at` is a JSON pointer: the part of the output (and of `expect`) that is looked at. */
type At = { readonly at?: string };

/** How one score is made of an output. */
export type ScorerSpec =
  | (At & { readonly use: 'exact' | 'subset'; readonly value?: Json })
  | (At & { readonly use: 'json_schema'; readonly schema: JsonSchema })
  | (At & { readonly use: 'regex'; readonly pattern: string })
  | (At & { readonly use: 'number_within'; readonly value?: number; readonly tolerance: number })
  | (At & { readonly use: 'number_within'; readonly value?: number; readonly relative: number })
  | (At & { readonly use: 'llm_judge'; readonly criteria: string; readonly model?: string })
  | (At & { readonly use: 'agent'; readonly agent: string; readonly pack?: string });

export const SCORERS = ['exact', 'subset', 'json_schema', 'regex', 'number_within', 'llm_judge', 'agent'] as const;

/** What runs: a run's request without its input. */
export type Target = Pick<RunRequest, 'agent' | 'pack' | 'blueprint' | 'agreement'>;

/** What a suite may hold, so that reading it costs a bounded amount. */
export const SUITE_LIMITS = {
  cases: 10_000,
  characters: 4_000_000,
  caseBytes: 1_048_576,
  idCharacters: 128,
  tags: 32,
  scorers: 16,
  patternCharacters: 1000,
  criteriaCharacters: 10_000,
} as const;

/** The texts that a suite is written in. */
export type SuiteFormat = 'yaml' | 'json';
