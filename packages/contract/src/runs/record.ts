// What is known of a run at one moment. It changes only by compare-and-set on its version (spec 5, crash rules).
import type { Json } from '../json.ts';
import type { RunTrace } from './event.ts';
import type { RunError, RunRequest } from './request.ts';

export const RUN_STATUSES = ['queued', 'running', 'finished', 'failed', 'canceled'] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** A run as it is stored. Times are ISO 8601 with milliseconds. */
export type RunRecord = {
  /** Sorts by time: a later run has a greater id. Letters, digits, `_`, `-`; at most 64. */
  readonly run_id: string;
  /** Empty where the service knows no tenants. */
  readonly tenant: string;
  readonly status: RunStatus;
  /** 1 when created; grows by one with each change. */
  readonly version: number;
  /** How many workers have begun it; 0 while it is queued. Fences off a worker that was given up. */
  readonly attempt: number;
  readonly request: RunRequest;
  /** `sha256:` over the canonical text of the request. */
  readonly request_digest: string;
  readonly idempotency_key?: string;
  readonly trace: RunTrace;
  readonly created_at: string;
  readonly started_at?: string;
  readonly finished_at?: string;
  /** Set when somebody asked to cancel it; what it comes to is decided once. */
  readonly cancel_requested_at?: string;
  /** The run that this one repeats, and whether its host calls are answered from the record. */
  readonly replay_of?: { readonly run_id: string; readonly recorded_calls: boolean };
  /**
   * What runs: pack guids and digests, and a digest of the configuration. What was found when it was accepted, and from
   * its end what ran.
   */
  readonly versions?: { readonly [name: string]: string };
  readonly result?: Json;
  readonly error?: RunError;
  /** The worker that has it, and until when (milliseconds since 1970) unless it says more. */
  readonly owner?: string;
  readonly lease_until?: number;
};

/** Whether nothing can happen to it any more. */
export function isTerminal(status: RunStatus): boolean {
  return status === 'finished' || status === 'failed' || status === 'canceled';
}
