// What happens in a run, as events: numbered from 1 without a gap, the same bytes for whoever reads them (spec 5).
import type { JsonObject } from '../json.ts';

export const RUN_EVENT_TYPES = [
  'run.started',
  'run.finished',
  'run.failed',
  'run.canceled',
  'model.call.started',
  'model.call.finished',
  'tool.call.started',
  'tool.call.finished',
  'tool.call.blocked',
  'policy.violation',
  'policy.budget_exceeded',
  'approval.requested',
  'approval.granted',
  'approval.denied',
  'progress',
  'log',
  'eval.suite.started',
  'eval.suite.finished',
  'eval.gate.decision',
] as const;

export type RunEventType = (typeof RUN_EVENT_TYPES)[number];

export const RUN_EVENT_SEVERITIES = ['debug', 'info', 'warn', 'error'] as const;
export type RunEventSeverity = (typeof RUN_EVENT_SEVERITIES)[number];

export const RUN_EVENT_ACTORS = ['engine', 'model', 'tool', 'retrieval', 'policy', 'evaluation'] as const;
export type RunEventActor = (typeof RUN_EVENT_ACTORS)[number];

/** W3C trace context: 32 and 16 lower-case hexadecimal digits. */
export type RunTrace = { readonly trace_id: string; readonly span_id: string; readonly parent_span_id?: string };

/** One event. Stored and handed out as one JSON text, which nobody writes anew. */
export type RunEvent = {
  /** From 1. */
  readonly seq: number;
  /** ISO 8601 with milliseconds. */
  readonly time: string;
  readonly run_id: string;
  readonly event_type: RunEventType;
  readonly severity: RunEventSeverity;
  readonly actor: RunEventActor;
  readonly trace: RunTrace;
  readonly attrs: JsonObject;
};
