// How a run ends: its status, what clients are told, and the last event.
import { ERRORS, type ErrorCode, type Json, type PypesError } from '@pypes/contract';
import type { RunError, RunRecord } from '@pypes/contract/runs';
import type { Versions } from '../request/find-target.ts';
import type { NewEvent } from './event-log.ts';

export type Ending =
  | { readonly status: 'finished'; readonly result: Json }
  | { readonly status: 'failed'; readonly error: RunError }
  | { readonly status: 'canceled' };

/** The record with its end. */
export function toEnded(before: RunRecord, ending: Ending, versions: Versions | undefined, at: string): RunRecord {
  const { owner: _owner, lease_until: _lease, ...rest } = before;
  return {
    ...rest,
    status: ending.status,
    version: before.version + 1,
    finished_at: at,
    ...(versions === undefined ? {} : { versions }),
    ...(ending.status === 'finished' ? { result: ending.result } : {}),
    ...(ending.status === 'failed' ? { error: ending.error } : {}),
  };
}

/** The one event that says so. */
export function toLastEvent(ending: Ending, attempt: number): NewEvent {
  const attrs = attempt === 0 ? {} : { attempt };
  if (ending.status === 'finished') return { type: 'run.finished', actor: 'engine', attrs };
  if (ending.status === 'canceled') return { type: 'run.canceled', severity: 'warn', actor: 'engine', attrs };
  const { details: _details, ...error } = ending.error;
  return { type: 'run.failed', severity: 'error', actor: 'engine', attrs: { ...attrs, error } };
}

/** What failed, and where. */
export function toFailed({ code, message, details }: PypesError): Ending {
  return {
    status: 'failed',
    error: {
      type: code,
      message,
      retryable: ERRORS[code].retryable,
      source: SOURCES[code] ?? 'engine',
      ...(details === undefined ? {} : { details }),
    },
  };
}

const SOURCES: { readonly [code in ErrorCode]?: string } = {
  agent_broken: 'agent',
  handler_failed: 'agent',
  invalid_output: 'agent',
  output_too_large: 'agent',
  resource_exhausted: 'agent',
  timeout: 'agent',
  canceled: 'agent',
  policy_denied: 'policy',
  forbidden: 'policy',
  approval_required: 'policy',
  invalid_input: 'policy',
  too_large: 'policy',
  rate_limited: 'policy',
  not_found: 'service',
  unknown_agent: 'service',
  invalid_request: 'service',
  unsupported: 'service',
};
