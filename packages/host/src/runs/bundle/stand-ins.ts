// Ids and times of a deterministic bundle: what follows from the request and the order stands for what was random.
import { isJsonObject, type Json, type JsonObject } from '@pypes/contract';
import type { RunEvent, RunRecord, RunTrace } from '@pypes/contract/runs';
import { digestOfText } from '../sha256.ts';

/** The moment at which every deterministic run was. */
export const STILL = '2000-01-01T00:00:00.000Z';

const TRACE = 32;
const SPAN = 16;

/** The run's id and trace. */
export function standInIds({ request_digest: digest }: Pick<RunRecord, 'request_digest'>): {
  readonly run_id: string;
  readonly trace_id: string;
} {
  const hex = (what: string) => digestOfText(`${what} ${digest}`).slice('sha256:'.length);
  return { run_id: `run-${hex('run').slice(0, TRACE)}`, trace_id: hex('trace').slice(0, TRACE) };
}

/** Rewrites events in their order; undefined for one that only tells of workers. */
export function createStandIns(record: RunRecord): (event: RunEvent) => RunEvent | undefined {
  const { run_id, trace_id } = standInIds(record);
  const spans = new Map<string, string>();
  const approvals = new Map<string, string>();
  let seq = 0;

  function spanOf(span: string): string {
    const known = spans.get(span);
    if (known !== undefined) return known;
    const made = (spans.size + 1).toString(16).padStart(SPAN, '0');
    spans.set(span, made);
    return made;
  }

  function traceOf({ span_id, parent_span_id }: RunTrace): RunTrace {
    const isRun = span_id === record.trace.span_id;
    // Who asked for the run belongs to that time, not to the run.
    if (isRun || parent_span_id === undefined) return { trace_id, span_id: spanOf(span_id) };
    return { trace_id, span_id: spanOf(span_id), parent_span_id: spanOf(parent_span_id) };
  }

  return (event) => {
    const { actor, attrs, trace } = event;
    if (actor === 'engine' && (attrs.taken_over === true || attrs.handed_over === true)) return undefined;
    const { approval } = attrs;
    if (typeof approval === 'string' && !approvals.has(approval)) {
      approvals.set(approval, `approval-${approvals.size + 1}`);
    }
    seq += 1;
    return { ...event, seq, time: STILL, run_id, trace: traceOf(trace), attrs: rewrite(attrs, approvals) };
  };
}

/** The digests of what ran say what it was; where a folder of agents lies, its guid says, and that is another elsewhere. */
export function stillVersions<V extends object>({ pack: _pack, ...digests }: V & { readonly pack?: Json }): object {
  return digests;
}

/** Without the attempt, and with other ids of requests for a person's yes, which also stand in messages. */
function rewrite({ attempt: _attempt, ...all }: JsonObject, approvals: ReadonlyMap<string, string>): JsonObject {
  const { versions } = all;
  const attrs = isJsonObject(versions) ? { ...all, versions: stillVersions(versions) as JsonObject } : all;
  if (approvals.size === 0) return attrs;
  return withTexts(attrs, (text) => {
    let told = text;
    for (const [approval, made] of approvals) told = told.replaceAll(approval, made);
    return told;
  }) as JsonObject;
}

export function withTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => withTexts(item, change));
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withTexts(member as Json, change)]));
}
