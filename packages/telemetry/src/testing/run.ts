// A run of the test: its record, and events with numbers, times and traces as the library makes them.
import type { RunEvent, RunRecord, RunTrace } from '@pypes/contract/runs';

export const TRACE = '0af7651916cd43dd8448eb211c80319c';
export const CALLER = 'b7ad6b7169203331';
const BEGAN = Date.parse('2026-03-01T10:00:00.000Z');

/** The span of a number. */
export const spanOf = (n: number): string => n.toString(16).padStart(16, '0');
export const at = (ms: number): string => new Date(BEGAN + ms).toISOString();

export function makeRun(id = 'run-1', more: Partial<RunRecord> = {}) {
  const own: RunTrace = { trace_id: TRACE, span_id: spanOf(1), parent_span_id: CALLER };
  const record: RunRecord = {
    run_id: id,
    tenant: 'acme',
    status: 'running',
    version: 2,
    attempt: 1,
    request: { agent: 'brief', pack: 'p', input: { secret: 'sesame-42' } },
    request_digest: 'sha256:0',
    trace: own,
    created_at: at(-500),
    started_at: at(0),
    ...more,
  };
  let seq = 0;
  /** `span`: of the call that it is about; absent: the run's own. */
  const event = (
    event_type: RunEvent['event_type'],
    ms: number,
    attrs: RunEvent['attrs'] = {},
    span?: { readonly n: number; readonly parent?: number },
  ): RunEvent => ({
    seq: ++seq,
    time: at(ms),
    run_id: id,
    event_type,
    severity: 'info',
    actor: 'tool',
    trace:
      span === undefined
        ? record.trace
        : { trace_id: record.trace.trace_id, span_id: spanOf(span.n), parent_span_id: spanOf(span.parent ?? 1) },
    attrs,
  });
  return { record, event };
}
