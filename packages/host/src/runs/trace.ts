// The trace of a run: one of its own, or that of whoever asked for it (W3C trace context).
import type { RunTrace } from '@pypes/contract/runs';

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?$/;
const NOTHING = /^0+$/;
const INVALID_VERSION = 'ff';

/** The run's span: a child of the one in `traceparent`, where that is one. */
export function openTrace(traceparent: string | undefined, newSpan: () => string): RunTrace {
  const [, trace = '', parent = ''] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  const isOne = trace !== '' && !NOTHING.test(trace) && !NOTHING.test(parent);
  if (!isOne || traceparent?.startsWith(INVALID_VERSION)) {
    return { trace_id: newSpan() + newSpan(), span_id: newSpan() };
  }
  return { trace_id: trace, span_id: newSpan(), parent_span_id: parent };
}
