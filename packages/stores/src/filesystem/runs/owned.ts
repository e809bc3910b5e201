// A journal that this process writes. What is decided is decided here and now, in memory; it is seen when it is written.
import {
  type ClaimOptions,
  isTerminal,
  type RenewedLeases,
  type RunLines,
  type RunRecord,
  type RunRef,
  type RunStream,
} from '@pypes/contract/runs';
import { hasAttempt, isCurrent, isFree, keepLease, renewLeases, runExists, toClaimed } from '../../run-rules.ts';
import { createClaims } from './claims.ts';
import { encodeFrame } from './frame.ts';
import { isDamaged } from './index-file.ts';
import { createIndexing } from './indexing.ts';
import { openJournal } from './open-journal.ts';
import type { OnProblem } from './problem.ts';
import { createSegmentReader } from './segments.ts';
import type { RunState } from './state.ts';
import { createView, type JournalView, liveKey, type PlacedFrame } from './view.ts';
import { createJournalWriter } from './writer.ts';

export interface OwnedJournal {
  readonly view: JournalView;
  /** The record with the lease as it is now. */
  recordOf(state: RunState): RunRecord;
  create(record: RunRecord): Promise<{ readonly record: RunRecord; readonly isNew: boolean }>;
  update(state: RunState, before: RunRecord, after: RunRecord, events?: RunLines): Promise<boolean>;
  append(state: RunState, attempt: number, stream: RunStream, lines: RunLines): Promise<boolean>;
  /** Which runs could be claimed, oldest first; one of them is claimed with `take`. */
  free(limit: number, now: number): readonly RunState[];
  take(state: RunState, owner: string, options: Omit<ClaimOptions, 'limit'>): Promise<RunRecord | undefined>;
  renew(owner: string, runs: readonly RunRef[], leaseUntil: number): RenewedLeases;
  /** Makes the index anew, which was found damaged. */
  repair(cause: unknown): void;
  close(): Promise<void>;
}

export type OwnedOptions = {
  readonly folder: string;
  readonly onProblem: OnProblem;
  readonly onChange: (state: RunState) => void;
  readonly now: () => number;
  readonly segmentBytes: number;
};

/** What was decided and is not seen yet. */
type Decided = { readonly record: RunRecord; readonly last: { readonly [stream in RunStream]: number } };
/** What of a run is on its way. */
type Flight = { writes: number; unsynced: number; settled: Promise<unknown> };
type Change = { readonly record?: RunRecord; readonly stream: RunStream; readonly lines?: RunLines };

/** What follows a write. */
type Landing = { readonly state: RunState | 'new'; readonly undo: () => void; readonly landed: () => void };

/** Whoever calls it holds the journal's lock. */
export function openOwnedJournal(options: OwnedOptions): OwnedJournal {
  const { folder, onProblem, onChange } = options;
  const { journal, end, index } = openJournal(options);
  const writer = createJournalWriter({ ...options, journal }, end);
  const reader = createSegmentReader(folder);
  const view = createView({ folder, index, reader, onProblem, onChange: onPublished });
  const indexing = createIndexing({ ...options, journal, view, index, upTo: () => writer.published });
  const decided = new Map<RunState, Decided>();
  const flights = new Map<RunState, Flight>();
  const renewed = new Map<RunState, { readonly owner: string; readonly until: number }>();
  /** Runs and keys that are being made. */
  const creating = new Map<string, Promise<unknown>>();
  const claims = createClaims(newest);

  loadUnfinished();
  for (const state of view.live.values()) {
    claims.sort(state);
    // Its worker ended with the process that had the journal.
    if (state.status === 'running') claims.orphan(state);
  }

  /** The first that everything of the index is asked for. */
  function loadUnfinished(): void {
    try {
      view.loadUnfinished();
    } catch (error) {
      if (!isDamaged(error)) throw error;
      indexing.repair(error);
      view.loadUnfinished();
    }
  }

  function onPublished(state: RunState): void {
    if (isTerminal(state.status)) renewed.delete(state);
    indexing.later();
    onChange(state);
  }

  function recordOf(state: RunState): RunRecord {
    return withLease(state, view.recordOf(state));
  }

  /** With what is not seen yet: what decisions are made on. */
  function newest(state: RunState): RunRecord {
    return withLease(state, decided.get(state)?.record ?? view.recordOf(state));
  }

  function withLease(state: RunState, record: RunRecord): RunRecord {
    const lease = renewed.get(state);
    if (lease === undefined || record.status !== 'running' || record.owner !== lease.owner) return record;
    return (record.lease_until ?? 0) >= lease.until ? record : { ...record, lease_until: lease.until };
  }

  function lastOf(state: RunState): Decided['last'] {
    return decided.get(state)?.last ?? state.last;
  }

  async function submit(state: RunState, change: Change, isDurable: boolean): Promise<void> {
    const { stream, lines } = change;
    const before = decided.get(state);
    const last = { ...lastOf(state) };
    if (lines !== undefined) last[stream] += lines.lines.length;
    const lease = renewed.get(state);
    decided.set(state, { record: change.record ?? newest(state), last });
    if (change.record !== undefined) {
      renewed.delete(state);
      claims.sort(state);
    }
    const flight = flights.get(state) ?? { writes: 0, unsynced: 0, settled: Promise.resolve() };
    flights.set(state, flight);
    // Behind one that waits for the disk, so that nobody sees it before that one.
    const waits = isDurable || flight.unsynced > 0;
    flight.writes += 1;
    if (waits) flight.unsynced += 1;
    const landed = () => {
      flight.writes -= 1;
      if (waits) flight.unsynced -= 1;
      if (flight.writes > 0) return;
      flights.delete(state);
      decided.delete(state);
    };
    const undo = () => {
      if (before !== undefined) decided.set(state, before);
      landed();
      if (change.record === undefined) return;
      if (lease !== undefined) renewed.set(state, lease);
      claims.sort(state);
    };
    const written = write(state, change, waits, { state, undo, landed });
    flight.settled = written.catch(() => undefined);
    return written;
  }

  /** `landed` is called when it is seen. */
  function write(
    ref: RunRef,
    { record, stream, lines }: Change,
    isDurable: boolean,
    { state, undo, landed }: Landing,
  ): Promise<void> {
    const { tenant, run_id } = ref;
    const text = record === undefined ? undefined : JSON.stringify(record);
    const all = text === undefined ? (lines?.lines ?? []) : [text, ...(lines?.lines ?? [])];
    const numbers = { first: lines?.first ?? 0, count: lines?.lines.length ?? 0 };
    const kind = text === undefined ? (stream === 'events' ? 'e' : 'c') : 'r';
    const frame = encodeFrame(kind, ref, all, numbers);
    const recordBytes = text === undefined ? 0 : Buffer.byteLength(text);
    return writer.write({
      frame,
      isDurable,
      undo,
      publish({ segment, offset }) {
        const begin = text === undefined ? 0 : recordBytes + 1;
        const placed: PlacedFrame = {
          ...{ tenant, run_id, stream },
          lines: { segment, offset: offset + begin, bytes: frame.payload.length - begin, ...numbers },
          ...(record === undefined ? {} : { record: { value: record, offset, bytes: recordBytes } }),
        };
        view.apply(placed, state);
        landed();
      },
    });
  }

  /** Whoever lost sees the winner when they look again. */
  async function lost(state: RunState): Promise<false> {
    await flights.get(state)?.settled;
    return false;
  }

  return {
    view,
    recordOf,
    async create(record) {
      const { tenant, idempotency_key } = record;
      const id = liveKey(record);
      const key = idempotency_key === undefined ? undefined : `${tenant}/ ${idempotency_key}`;
      for (;;) {
        const other = creating.get(id) ?? (key === undefined ? undefined : creating.get(key));
        if (other === undefined) break;
        await other;
      }
      const same = idempotency_key === undefined ? undefined : view.findByKey(tenant, idempotency_key);
      if (same !== undefined) return { record: recordOf(same), isNew: false };
      if (view.find(record) !== undefined) throw runExists(record);
      indexing.check();
      const landed = () => {
        const state = view.find(record);
        if (state !== undefined) claims.sort(state);
      };
      const written = write(record, { record, stream: 'events' }, true, {
        state: 'new',
        undo: () => undefined,
        landed,
      });
      const settled = written.catch(() => undefined);
      creating.set(id, settled);
      if (key !== undefined) creating.set(key, settled);
      try {
        await written;
      } finally {
        creating.delete(id);
        if (key !== undefined) creating.delete(key);
      }
      return { record, isNew: true };
    },
    async update(state, before, after, events) {
      const now = newest(state);
      if (!isCurrent(now, before)) return lost(state);
      if (events !== undefined && events.first !== lastOf(state).events + 1) return lost(state);
      const next = keepLease(now, before, after);
      const isDurable = next.status !== now.status || next.cancel_requested_at !== now.cancel_requested_at;
      await submit(state, { record: next, stream: 'events', ...(events && { lines: events }) }, isDurable);
      return true;
    },
    async append(state, attempt, stream, lines) {
      if (!hasAttempt(newest(state), attempt) || lines.first !== lastOf(state)[stream] + 1) return lost(state);
      if (lines.lines.length > 0) await submit(state, { stream, lines }, false);
      return true;
    },
    free: (limit, now) => claims.next(limit, now),
    async take(state, owner, options) {
      const now = newest(state);
      if (!isFree(now, Number.POSITIVE_INFINITY)) return undefined;
      const record = toClaimed(now, owner, options);
      claims.taken(state);
      await submit(state, { record, stream: 'events' }, true);
      return record;
    },
    renew: (owner, runs, leaseUntil) =>
      renewLeases(owner, runs, {
        find(ref) {
          const state = view.live.get(liveKey(ref));
          return state === undefined ? undefined : newest(state);
        },
        renew(record) {
          const state = view.live.get(liveKey(record)) as RunState;
          renewed.set(state, { owner, until: leaseUntil });
          claims.taken(state);
        },
      }),
    repair: indexing.repair,
    async close() {
      await writer.close();
      indexing.close();
      reader.close();
    },
  };
}
