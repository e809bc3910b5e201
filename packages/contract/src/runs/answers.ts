// Bodies of the `/v1` doors beside the run itself: pages, the index of a bundle, replays, evaluations (spec 5).
import type { JsonObject } from '../json.ts';
import type { ArtifactEntry } from './artifacts.ts';
import type { RunEvent } from './event.ts';
import type { RunRecord } from './record.ts';
import { type RunView, toRunView } from './wire.ts';

/** A run in a list: its result is asked for by its id. */
export type RunSummary = Omit<RunView, 'result'>;

/** `GET /v1/runs`: newest first. `next_cursor` is absent on the last page. */
export type RunList = { readonly runs: readonly RunSummary[]; readonly next_cursor?: string };

/** `GET /v1/runs/{id}/events`. `complete`: the run has ended and these were its last events. */
export type RunEvents = {
  readonly events: readonly RunEvent[];
  readonly next_cursor: string;
  readonly complete: boolean;
};

/** `GET /v1/runs/{id}/artifact?list=1`: sorted by path. */
export type ArtifactIndex = { readonly files: readonly ArtifactEntry[] };

/** The body of `POST /v1/runs/{id}/replay`. */
export type ReplayRequest = {
  /** Defaults to that of the run. */
  readonly input?: JsonObject;
  /** Host calls are answered from the run's record where it has them. */
  readonly recorded_calls?: boolean;
};

/** The body of `POST /v1/eval`: a suite or the name of one, for what it names itself, for a run, or for a `config_ref`. */
export type EvalRequest = {
  readonly suite_ref?: string;
  /** A suite as an object, or as its text in YAML. */
  readonly suite?: JsonObject | string;
  readonly run_id?: string;
  readonly config_ref?: string;
  /** A scorecard to compare with. */
  readonly baseline?: JsonObject;
  /** Cases at once, and how often each is run. */
  readonly parallel?: number;
  readonly repeat?: number;
};

/** The answer to it. */
export type EvalAnswer = { readonly scorecard: JsonObject; readonly gate_decision: JsonObject };

/** What a list shows of a record. */
export function toRunSummary(record: RunRecord): RunSummary {
  const { result: _, ...summary } = toRunView(record);
  return summary;
}
