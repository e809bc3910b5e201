// Spans out of the events of runs: one for the run, one for each call, with what happened within them.
import type { Attributes } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { RunEvent, RunRecord } from '@pypes/contract/runs';
import { callAttributes, eventAttributes, runAttributes } from './attributes.ts';
import { errorTypeOf, numberOf, textOf } from './facts.ts';
import { type SpanMoment, type SpanScope, toSpan } from './to-span.ts';

export type RunSpansOptions = {
  readonly resource: Resource;
  readonly scope: SpanScope;
  readonly add: (span: ReadableSpan) => void;
  /** A span was given up to make room. */
  readonly onDrop: () => void;
};

/** Spans under way. */
export interface RunSpans {
  observe(record: RunRecord, event: RunEvent): void;
  /** What has ended is handed on; what has not goes on elsewhere, or nowhere. */
  close(): void;
}

/** `ended`: what still comes about it (why it was stopped) is waited for until the run goes on. */
type Open = {
  readonly start: number;
  readonly event: RunEvent;
  attributes: Attributes;
  readonly moments: SpanMoment[];
  droppedMoments: number;
  ended?: { readonly time: number; readonly error?: string };
};
type OpenRun = { readonly own: Open; readonly calls: Map<string, Open>; settling: Open | undefined };

const MOST_RUNS = 4_096;
const MOST_CALLS = 1_024;
const MOST_MOMENTS = 64;
const LONGEST_NAME = 128;

/**
 * A run that another process began has its span from here, with the times of its record; a call that another process
 * began is known by its end alone.
 */
export function createRunSpans({ resource, scope, add, onDrop }: RunSpansOptions): RunSpans {
  const runs = new Map<string, OpenRun>();

  function runOf(record: RunRecord, event: RunEvent): OpenRun {
    const known = runs.get(record.run_id);
    if (known !== undefined) return known;
    const oldest = runs.keys().next();
    if (runs.size >= MOST_RUNS && oldest.done !== true) {
      runs.delete(oldest.value);
      onDrop();
    }
    const start = timeOf(record.started_at) ?? timeOf(event.time) ?? 0;
    const run = { own: open(event, start, {}), calls: new Map<string, Open>(), settling: undefined };
    runs.set(record.run_id, run);
    return run;
  }

  function settle(run: OpenRun, event?: RunEvent): void {
    const { settling } = run;
    if (settling === undefined || settling.event.trace.span_id === event?.trace.span_id) return;
    run.settling = undefined;
    run.calls.delete(settling.event.trace.span_id);
    emitCall(settling, settling.ended ?? { time: settling.start });
  }

  function emitCall(call: Open, { time, error }: { readonly time: number; readonly error?: string }): void {
    const { event, start, attributes, moments, droppedMoments } = call;
    const isOutgoing = event.event_type.startsWith('model.');
    const what = textOf(event.attrs[isOutgoing ? 'model' : 'tool']) ?? 'unknown';
    add(
      toSpan(
        {
          name: nameOf(isOutgoing ? 'chat' : 'execute_tool', what),
          trace: event.trace,
          isParentRemote: false,
          isOutgoing,
          start,
          end: time,
          attributes,
          moments,
          droppedMoments,
          ...(error === undefined ? {} : { error }),
        },
        resource,
        scope,
      ),
    );
  }

  function begin(run: OpenRun, event: RunEvent): void {
    if (run.calls.size >= MOST_CALLS) onDrop();
    else run.calls.set(event.trace.span_id, open(event, timeOf(event.time) ?? 0, callAttributes(event)));
  }

  function finish(run: OpenRun, event: RunEvent): void {
    const time = timeOf(event.time) ?? 0;
    const start = Math.max(0, time - Math.max(0, numberOf(event.attrs.duration_ms) ?? 0));
    const call = run.calls.get(event.trace.span_id) ?? open(event, start, {});
    const failed = event.event_type === 'tool.call.blocked' || event.attrs.status === 'error';
    const error = failed ? (errorTypeOf(event.attrs) ?? 'unknown') : undefined;
    call.attributes = { ...call.attributes, ...callAttributes(event), ...nameOfModel(call) };
    call.ended = { time, ...(error === undefined ? {} : { error }) };
    run.calls.set(event.trace.span_id, call);
    run.settling = call;
  }

  function end(record: RunRecord, run: OpenRun, event: RunEvent): void {
    const time = timeOf(event.time) ?? 0;
    const failed = event.event_type === 'run.failed';
    const error = failed ? (errorTypeOf(event.attrs) ?? 'unknown') : undefined;
    // A call whose run has ended has ended too.
    for (const call of run.calls.values()) emitCall(call, { time, error: 'canceled' });
    const { agent, blueprint, agreement } = record.request;
    const { parent_span_id: parent } = record.trace;
    add(
      toSpan(
        {
          name:
            agent === undefined ? nameOf('run', blueprint ?? agreement ?? 'unknown') : nameOf('invoke_agent', agent),
          trace: record.trace,
          isParentRemote: parent !== undefined,
          isOutgoing: false,
          start: run.own.start,
          end: time,
          attributes: {
            ...runAttributes(record),
            'pypes.run.status': event.event_type.slice('run.'.length),
          },
          moments: run.own.moments,
          droppedMoments: run.own.droppedMoments,
          ...(error === undefined ? {} : { error }),
        },
        resource,
        scope,
      ),
    );
    runs.delete(record.run_id);
  }

  function happen(run: OpenRun, event: RunEvent): void {
    const { event_type: name, severity, attrs, trace } = event;
    const at = run.calls.get(trace.span_id) ?? run.own;
    if (at.moments.length >= MOST_MOMENTS) {
      at.droppedMoments += 1;
      return;
    }
    const attributes = { 'pypes.severity': severity, ...eventAttributes(attrs) };
    at.moments.push({ name, time: timeOf(event.time) ?? at.start, attributes });
  }

  return {
    observe(record, event) {
      const run = runOf(record, event);
      settle(run, event);
      switch (event.event_type) {
        case 'run.started':
          return;
        case 'run.finished':
        case 'run.failed':
        case 'run.canceled':
          end(record, run, event);
          return;
        case 'tool.call.started':
        case 'model.call.started':
          begin(run, event);
          return;
        case 'tool.call.finished':
        case 'model.call.finished':
        case 'tool.call.blocked':
          finish(run, event);
          return;
        default:
          happen(run, event);
      }
    },
    close() {
      for (const run of runs.values()) settle(run);
      runs.clear();
    },
  };
}

function open(event: RunEvent, start: number, attributes: Attributes): Open {
  return { event, start, attributes, moments: [], droppedMoments: 0 };
}

/** What was asked for stands beside what answered. */
function nameOfModel({ attributes }: Open): Attributes {
  const asked = attributes['gen_ai.request.model'];
  return asked === undefined ? {} : { 'gen_ai.request.model': asked };
}

function nameOf(operation: string, what: string): string {
  return `${operation} ${what}`.slice(0, LONGEST_NAME).toWellFormed();
}

function timeOf(text: string | undefined): number | undefined {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? undefined : Math.max(0, time);
}
