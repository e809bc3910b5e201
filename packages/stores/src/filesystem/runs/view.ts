// The runs of one journal as they are known now: what its index says, and what came after that.
import { isTerminal, type RunQuery, type RunRecord, type RunRef, type RunStream } from '@pypes/contract/runs';
import { isListed } from '../../run-rules.ts';
import type { RunIndex, RunRow } from './index-rows.ts';
import { lostLine } from './lost-line.ts';
import type { OnProblem } from './problem.ts';
import { readLines } from './read-lines.ts';
import type { JournalEnd } from './segment-begin.ts';
import type { SegmentReader } from './segments.ts';
import { freshBlocks, hasEnded, type LinesPlace, placesOf, type RunState, rowOf, stateOf } from './state.ts';

/** A frame of a run, and where its parts lie. */
export type PlacedFrame = RunRef & {
  readonly stream: RunStream;
  readonly lines: LinesPlace;
  readonly record?: { readonly value: RunRecord; readonly offset: number; readonly bytes: number };
};

export interface JournalView {
  /** What was in the frame is known from now on. Again is once. The caller may know the run, or that it is new. */
  apply(frame: PlacedFrame, known?: RunState | 'new'): void;
  find(ref: RunRef): RunState | undefined;
  /** The runs that may be held for long: those that have not ended. */
  readonly live: ReadonlyMap<string, RunState>;
  recordOf(state: RunState): RunRecord;
  findByKey(tenant: string, idempotencyKey: string): RunState | undefined;
  list(tenant: string, query: RunQuery): readonly RunState[];
  read(state: RunState, stream: RunStream, after: number, limit: number): Promise<readonly string[]>;
  /** Reads the unfinished runs of the index, to hold them. */
  loadUnfinished(): void;
  hasUnfinished(): boolean;
  /** How many frames the index does not have. */
  readonly freshFrames: number;
  /** Writes them to the index, and holds no more what has ended. */
  flush(upTo: JournalEnd): void;
  /** Knows only what this index says. */
  reset(index: RunIndex): void;
  /** Asks this index from now on, which was made anew; what is held stays. */
  reindex(index: RunIndex): void;
}

export type ViewOptions = {
  readonly folder: string;
  readonly index: RunIndex;
  readonly reader: SegmentReader;
  readonly onProblem: OnProblem;
  readonly onChange?: (state: RunState) => void;
};

/** More runs that wait than this, and their records are read again when they are needed. */
const MOST_HELD = 10_000;

export function createView(options: ViewOptions): JournalView {
  const { folder, reader, onProblem, onChange } = options;
  let { index } = options;
  const live = new Map<string, RunState>();
  const fresh = new Set<RunState>();
  const freshKeys = new Map<string, RunState>();
  let freshFrames = 0;
  /** Asked for when it is needed first. */
  let greatestKey: number | undefined;

  function find(ref: RunRef): RunState | undefined {
    const known = live.get(liveKey(ref));
    if (known !== undefined) return known;
    const row = index.run(ref);
    return row === undefined ? undefined : stateOf(row);
  }

  function apply(frame: PlacedFrame, known: RunState | 'new' | undefined = find(frame)): void {
    const { stream, lines, record } = frame;
    const where = () => `${folder}, segment ${lines.segment}, offset ${lines.offset}`;
    const found = known === 'new' ? undefined : known;
    const state = found ?? (record === undefined ? undefined : begin(record.value));
    if (state === undefined) {
      const what = `${lines.count} ${stream} of the run "${frame.run_id}" belong to a record that is missing`;
      onProblem({ level: 'error', message: `${what} (${where()}); they are left out` });
      return;
    }
    const isNewer = record !== undefined && record.value.version > state.version;
    const last = state.last[stream];
    const hasLines = lines.count > 0 && lines.first > last;
    if (!isNewer && !hasLines) return;
    if (isNewer) {
      const { value, offset, bytes } = record;
      Object.assign(state, { record: value, status: value.status, version: value.version });
      state.place = { segment: lines.segment, offset, bytes };
    }
    if (hasLines) {
      if (lines.first > last + 1) {
        const what = `The ${stream} ${last + 1} to ${lines.first - 1} of the run "${frame.run_id}" are missing`;
        onProblem({ level: 'error', message: `${what} (before ${where()}); lines that say so stand in their place` });
      }
      state.fresh[stream].push(lines);
      state.last[stream] = lines.first + lines.count - 1;
    }
    freshFrames += 1;
    fresh.add(state);
    live.set(liveKey(state), state);
    onChange?.(state);
  }

  function begin(record: RunRecord): RunState {
    const { tenant, run_id, status, request, idempotency_key: idempotencyKey } = record;
    greatestKey = (greatestKey ?? index.greatestKey()) + 1;
    const place = { segment: 0, offset: 0, bytes: 0 };
    const known: RunRow = {
      ...{ k: greatestKey, tenant, run_id, status, version: 0, agent: request.agent, idempotencyKey },
      ...{ place, events: 0, calls: 0 },
    };
    const state = stateOf(known);
    if (idempotencyKey !== undefined) freshKeys.set(keyOf(tenant, idempotencyKey), state);
    return state;
  }

  function recordOf(state: RunState): RunRecord {
    return state.record ?? (JSON.parse(reader.read(state.place).toString()) as RunRecord);
  }

  function placesFrom(state: RunState, stream: RunStream, from: number, to: number): readonly LinesPlace[] {
    const all = state.fresh[stream];
    let begin = all.length;
    while (begin > 0 && (all[begin - 1]?.first ?? 0) > from) begin -= 1;
    const known = Math.max(0, begin - 1);
    const isFresh = all[known] !== undefined && all[known].first <= from;
    const indexed = isFresh ? [] : index.blocks(state.k, stream, from, to).flatMap(placesOf);
    return [...indexed, ...all.slice(known)];
  }

  return {
    apply,
    find,
    live,
    recordOf,
    findByKey(tenant, idempotencyKey) {
      const state = freshKeys.get(keyOf(tenant, idempotencyKey));
      if (state !== undefined) return state;
      const row = index.runByKey(tenant, idempotencyKey);
      return row === undefined ? undefined : (live.get(liveKey(row)) ?? stateOf(row));
    },
    list(tenant, query) {
      const newer = [...fresh].filter((state) => state.tenant === tenant && isListed(recordOf(state), query));
      const rows = index.list(tenant, { ...query, limit: query.limit + fresh.size });
      const known = rows.map((row) => live.get(liveKey(row)) ?? stateOf(row)).filter((state) => !fresh.has(state));
      return [...newer, ...known].sort((a, b) => (a.run_id < b.run_id ? 1 : -1)).slice(0, query.limit);
    },
    read(state, stream, after, limit) {
      const to = Math.min(after + limit, state.last[stream]);
      if (to <= after) return Promise.resolve([]);
      const lost = (number: number) => lostLine(recordOf(state), stream, number);
      const places = placesFrom(state, stream, after + 1, to);
      return readLines(places, { from: after + 1, to, lost, reader, folder });
    },
    loadUnfinished() {
      greatestKey ??= index.greatestKey();
      for (const row of index.unfinished()) {
        if (!live.has(liveKey(row))) live.set(liveKey(row), stateOf(row));
      }
    },
    hasUnfinished() {
      for (const state of fresh) if (!hasEnded(state)) return true;
      return index.unfinished(fresh.size + 1).some((row) => !fresh.has(live.get(liveKey(row)) as RunState));
    },
    get freshFrames() {
      return freshFrames;
    },
    flush(upTo) {
      index.write([...fresh].map(rowOf), [...fresh].flatMap(freshBlocks), upTo);
      for (const state of fresh) {
        state.fresh = { events: [], calls: [] };
        if (isTerminal(state.status)) live.delete(liveKey(state));
        else if (live.size > MOST_HELD && state.status === 'queued') state.record = undefined;
      }
      fresh.clear();
      freshKeys.clear();
      freshFrames = 0;
    },
    reset(other) {
      index = other;
      live.clear();
      fresh.clear();
      freshKeys.clear();
      freshFrames = 0;
      greatestKey = undefined;
    },
    reindex(other) {
      index = other;
      let last = index.greatestKey();
      for (const state of live.values()) state.k = index.run(state)?.k ?? ++last;
      greatestKey = last;
    },
  };
}

/** Under which name a run is held. */
export function liveKey({ tenant, run_id }: RunRef): string {
  return `${tenant}/${run_id}`;
}

function keyOf(tenant: string, idempotencyKey: string): string {
  return `${tenant}/${idempotencyKey}`;
}
