// What stands behind `/v1`: the run library as this door sees it, so that any implementation of it can be mounted.
import type { JsonObject, SchemaCompiler } from '@pypes/contract';
import type { ArtifactEntry, ByteRange, EvalRequest, RunRecord, RunRef, RunStatus } from '@pypes/contract/runs';
import type { RunsAuth } from './auth/tokens.ts';

/** A page of stored lines, verbatim. */
export type EventLines = { readonly lines: readonly string[]; readonly nextCursor: string; readonly complete: boolean };

/** One file of a bundle, or a part of it; its bytes are made when they are read. */
export type BundleFile = { readonly entry: ArtifactEntry; readonly body: AsyncIterable<Uint8Array> };

/** Of whoever asks: a key that tells a repeated request, and a W3C trace context. */
type Asked = { readonly idempotencyKey?: string; readonly traceparent?: string };

/**
 * Runs, as `@pypes/host/runs` has them. Whatever takes a RunRef throws PypesError `not_found` where the tenant has no
 * such run, and does the same work for one of another tenant as for one that never was.
 */
export interface RunsDoor {
  create(request: JsonObject, options: Asked & { readonly tenant: string }): Promise<RunRecord>;
  get(ref: RunRef): Promise<RunRecord>;
  /** `limit` is 1 to 500. */
  list(
    tenant: string,
    query: { readonly status?: RunStatus; readonly agent?: string; readonly limit: number; readonly before?: string },
  ): Promise<readonly RunRecord[]>;
  /** Waits at most so long for the first line, or until the signal is aborted. */
  events(
    ref: RunRef,
    query: { readonly cursor?: string; readonly limit: number; readonly waitMs: number; readonly signal?: AbortSignal },
  ): Promise<EventLines>;
  cancel(ref: RunRef): Promise<RunRecord>;
  replay(
    ref: RunRef,
    options: Asked & { readonly input?: JsonObject; readonly recordedCalls: boolean },
  ): Promise<RunRecord>;
  /** The bundle's files, sorted by path. */
  artifacts(ref: RunRef): Promise<readonly ArtifactEntry[]>;
  /** Both ends of a range lie within the file. @throws PypesError `not_found` also where the run has no such file */
  artifact(ref: RunRef, path: string, range?: ByteRange): Promise<BundleFile>;
  /** All of it as a zip. */
  bundle(ref: RunRef): Promise<AsyncIterable<Uint8Array>>;
}

/** Evaluates for a tenant. */
export type Evaluate = (
  request: EvalRequest,
  about: { readonly tenant: string; readonly signal: AbortSignal },
) => Promise<{ readonly scorecard: object; readonly gate_decision: object }>;

/** What the `/v1` doors need. */
export type RunsOptions = {
  readonly runs: RunsDoor;
  /** Absent: nothing can be evaluated here. */
  readonly evaluate?: Evaluate;
  readonly schemas: SchemaCompiler;
  /** Default: none, or where the service asks for tokens, the operator's alone. */
  readonly auth?: RunsAuth;
  /** The text of `GET /metrics`; absent: this service measures nothing. */
  readonly metrics?: () => string | Promise<string>;
  /** The largest body of a run's request, and of an evaluation's; defaults 2 MiB and 16 MiB. */
  readonly bodyBytes?: number;
  readonly evalBodyBytes?: number;
  /** A stream that has nothing to say says so after as many milliseconds; default 15,000. */
  readonly keepAliveMs?: number;
};
