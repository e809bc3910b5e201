// What earlier attempts of a run have said, so that it is not said again (spec 5, crash rules).
import { canonicalJson, isJsonObject, type JsonObject } from '@pypes/contract';
import type { RunEvent, RunEventType, RunRef, RunStore } from '@pypes/contract/runs';
import { digestOfText } from '../sha256.ts';

/** What of an event is needed by those that follow from it. */
export type PastEvent = { readonly call?: number; readonly span: string };

/** Events that are there. */
export interface PastEvents {
  /** The oldest of this type with these attributes, ids and times aside; each is given once. */
  take(type: RunEventType, attrs: JsonObject): PastEvent | undefined;
  /** The number of the last one. */
  readonly last: number;
  /** The greatest number of a call. */
  readonly lastCall: number;
  /** How many attempts were given up in order, by a process that shut down. */
  readonly handovers: number;
}

export const NOTHING_SAID: PastEvents = { take: () => undefined, last: 0, lastCall: 0, handovers: 0 };

const PAGE = 500;
/** What differs between two attempts that do the same. */
const PASSING: ReadonlySet<string> = new Set(['call', 'parent', 'attempt', 'duration_ms', 'approval']);

/** Reads all events of a run. Keeps a short digest of each. */
export async function readPastEvents(store: Pick<RunStore, 'read'>, ref: RunRef): Promise<PastEvents> {
  const said = new Map<string, PastEvent[]>();
  let last = 0;
  let lastCall = 0;
  let handovers = 0;
  for (;;) {
    const lines = await store.read(ref, 'events', last, PAGE);
    for (const line of lines) {
      const event = JSON.parse(line) as RunEvent;
      const { event_type: type, actor, attrs, trace } = event;
      const call = typeof attrs.call === 'number' ? attrs.call : undefined;
      lastCall = Math.max(lastCall, call ?? 0);
      if (actor === 'engine' && attrs.handed_over === true) handovers += 1;
      const key = keyOf(type, attrs);
      const known = said.get(key) ?? [];
      known.push({ span: trace.span_id, ...(call === undefined ? {} : { call }) });
      said.set(key, known);
    }
    last += lines.length;
    if (lines.length < PAGE) break;
  }
  return {
    last,
    lastCall,
    handovers,
    take(type, attrs) {
      if (said.size === 0) return undefined;
      const key = keyOf(type, attrs);
      const known = said.get(key);
      const first = known?.shift();
      if (known?.length === 0) said.delete(key);
      return first;
    },
  };
}

function keyOf(type: RunEventType, attrs: JsonObject): string {
  // A run starts once, whatever has changed before it was taken over.
  if (type === 'run.started') return type;
  const lasting = Object.entries(attrs).filter(([name]) => !PASSING.has(name));
  const error = isJsonObject(attrs.error) ? { error: { type: attrs.error.type ?? null } } : {};
  return digestOfText(`${type} ${canonicalJson({ ...Object.fromEntries(lasting), ...error })}`);
}
