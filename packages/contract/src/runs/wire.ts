// The answers of the `/v1` doors (spec 5).
import type { Json, JsonObject } from '../json.ts';
import type { RunRecord, RunStatus } from './record.ts';
import type { RunError, RunMode } from './request.ts';

/** 202 of `POST /v1/runs`. */
export type RunAccepted = {
  readonly run_id: string;
  readonly status_url: string;
  readonly events_url: string;
  readonly artifact_url: string;
};

/** `GET /v1/runs/{id}`. */
export type RunView = {
  readonly run_id: string;
  readonly status: RunStatus;
  readonly agent?: string;
  readonly pack?: string;
  readonly blueprint?: string;
  readonly agreement?: string;
  readonly mode: RunMode;
  readonly metadata?: JsonObject;
  readonly created_at: string;
  readonly started_at?: string;
  readonly finished_at?: string;
  readonly cancel_requested_at?: string;
  readonly attempt: number;
  readonly replay_of?: string;
  readonly trace_id: string;
  readonly result?: Json;
  readonly error?: RunError;
  readonly artifact: { readonly url: string; readonly complete: boolean };
};

/** What clients see of a record. */
export function toRunView(record: RunRecord): RunView {
  const { request, replay_of, trace, versions: _, ...rest } = record;
  const { agent, pack, blueprint, agreement, metadata, mode = 'normal' } = request;
  return {
    run_id: rest.run_id,
    status: rest.status,
    ...(agent === undefined ? {} : { agent }),
    ...(pack === undefined ? {} : { pack }),
    ...(blueprint === undefined ? {} : { blueprint }),
    ...(agreement === undefined ? {} : { agreement }),
    mode,
    ...(metadata === undefined ? {} : { metadata }),
    created_at: rest.created_at,
    ...(rest.started_at === undefined ? {} : { started_at: rest.started_at }),
    ...(rest.finished_at === undefined ? {} : { finished_at: rest.finished_at }),
    ...(rest.cancel_requested_at === undefined ? {} : { cancel_requested_at: rest.cancel_requested_at }),
    attempt: rest.attempt,
    ...(replay_of === undefined ? {} : { replay_of: replay_of.run_id }),
    trace_id: trace.trace_id,
    ...(rest.result === undefined ? {} : { result: rest.result }),
    ...(rest.error === undefined ? {} : { error: rest.error }),
    artifact: { url: `/v1/runs/${rest.run_id}/artifact`, complete: rest.finished_at !== undefined },
  };
}
