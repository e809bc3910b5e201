// A span as exporters read it, with the ids that the events of the run have.
import { type Attributes, type HrTime, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { RunTrace } from '@pypes/contract/runs';

/** What happened within a span; milliseconds since 1970. */
export type SpanMoment = { readonly name: string; readonly time: number; readonly attributes: Attributes };

/** A span that has ended; milliseconds since 1970. */
export type EndedSpan = {
  readonly name: string;
  readonly trace: RunTrace;
  /** The parent was in another service. */
  readonly isParentRemote: boolean;
  readonly isOutgoing: boolean;
  readonly start: number;
  readonly end: number;
  /** The code of what went wrong. */
  readonly error?: string;
  readonly attributes: Attributes;
  readonly moments: readonly SpanMoment[];
  readonly droppedMoments: number;
};

export type SpanScope = { readonly name: string; readonly version: string };

export function toSpan(ended: EndedSpan, resource: Resource, scope: SpanScope): ReadableSpan {
  const { trace, start, error } = ended;
  const { trace_id: traceId, span_id: spanId, parent_span_id: parent } = trace;
  const end = Math.max(start, ended.end);
  const context = { traceId, spanId, traceFlags: TraceFlags.SAMPLED };
  return {
    name: ended.name,
    kind: ended.isOutgoing ? SpanKind.CLIENT : SpanKind.INTERNAL,
    spanContext: () => context,
    ...(parent === undefined
      ? {}
      : {
          parentSpanContext: {
            traceId,
            spanId: parent,
            traceFlags: TraceFlags.SAMPLED,
            isRemote: ended.isParentRemote,
          },
        }),
    startTime: toHrTime(start),
    endTime: toHrTime(end),
    duration: toHrTime(end - start),
    status: error === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: error },
    attributes: error === undefined ? ended.attributes : { ...ended.attributes, 'error.type': error },
    links: [],
    events: ended.moments.map(({ name, time, attributes }) => ({ name, time: toHrTime(time), attributes })),
    ended: true,
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: ended.droppedMoments,
    droppedLinksCount: 0,
  };
}

function toHrTime(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.min(999_999_999, Math.round((ms - seconds * 1_000) * 1_000_000))];
}
