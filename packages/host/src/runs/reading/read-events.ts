// Events of a run by page: what is there, or what comes while somebody waits for it (spec 5).
import { PypesError } from '@pypes/contract';
import {
  isTerminal,
  parseEventCursor,
  type RunLines,
  type RunRef,
  type RunStore,
  toEventCursor,
} from '@pypes/contract/runs';
import { isLastLine } from '../execution/event-log.ts';
import type { EventsPage, EventsQuery } from '../options.ts';
import { isRunId, noSuchRun } from '../request/new-record.ts';

export const MOST_EVENTS = 500;
const USUAL_EVENTS = 100;
const LONGEST_WAIT_MS = 60_000;
/** Whoever follows a run is told of its changes, and looks from time to time all the same. */
const LOOK_MS = 15_000;

type Store = Pick<RunStore, 'get' | 'read' | 'follow'>;

/** @throws PypesError `invalid_request`, `not_found` */
export async function readEvents(store: Store, ref: RunRef, query: EventsQuery = {}): Promise<EventsPage> {
  const { cursor, limit = USUAL_EVENTS, waitMs = 0, signal } = query;
  check('limit', limit, 1, MOST_EVENTS);
  check('wait', waitMs, 0, LONGEST_WAIT_MS);
  if (!isRunId(ref)) throw noSuchRun(ref);
  const after = cursor === undefined ? 0 : parseEventCursor(ref.run_id, cursor);
  const first = await readPage(store, ref, after, limit);
  const page =
    first.isEmpty && !first.complete && waitMs > 0 ? await wait(store, ref, after, limit, waitMs, signal) : first;
  return {
    lines: page.lines,
    complete: page.complete,
    nextCursor: toEventCursor(ref.run_id, after + page.lines.length),
  };
}

export type Page = { readonly lines: readonly string[]; readonly isEmpty: boolean; readonly complete: boolean };

/** What came by itself, or what the store has. @throws PypesError `not_found` */
export async function nextPage(
  store: Store,
  changes: Changes,
  ref: RunRef,
  after: number,
  limit: number,
): Promise<Page> {
  const lines = changes.take(after, limit);
  if (lines !== undefined) return { lines, isEmpty: lines.length === 0, complete: isLastLine(lines.at(-1)) };
  changes.look();
  return readPage(store, ref, after, limit);
}

/** @throws PypesError `not_found` */
async function readPage(store: Store, ref: RunRef, after: number, limit: number): Promise<Page> {
  const lines = await store.read(ref, 'events', after, limit);
  if (lines.length > 0) return { lines, isEmpty: false, complete: isLastLine(lines.at(-1)) };
  const record = await store.get(ref);
  if (record === undefined) throw noSuchRun(ref);
  if (!isTerminal(record.status)) return { lines, isEmpty: true, complete: false };
  // The last events are stored together with the status: what was not there before is there now, or there is nothing.
  const rest = await store.read(ref, 'events', after, limit);
  return { lines: rest, isEmpty: rest.length === 0, complete: rest.length === 0 || isLastLine(rest.at(-1)) };
}

async function wait(
  store: Store,
  ref: RunRef,
  after: number,
  limit: number,
  waitMs: number,
  signal: AbortSignal | undefined,
): Promise<Page> {
  const end = performance.now() + waitMs;
  const changes = followChanges(store, ref, signal);
  try {
    for (;;) {
      const page = await nextPage(store, changes, ref, after, limit);
      const left = end - performance.now();
      if (!page.isEmpty || page.complete || left <= 0 || signal?.aborted === true) return page;
      await changes.next(left);
    }
  } finally {
    changes.end();
  }
}

/** Changes of a run: one that comes between two questions is not missed. */
export type Changes = {
  /** Lines right after number `after` that came by themselves, none where nothing has changed; undefined: the store knows. */
  take(after: number, limit: number): readonly string[] | undefined;
  /** Whoever reads now sees every change until now. */
  look(): void;
  /** Resolves at the next change since the last look, when the signal aborts, or after `ms`. */
  next(ms?: number): Promise<void>;
  end(): void;
};

const NOTHING: RunLines = { first: 1, lines: [] };
/** More than these, a reader that is slow reads again when it has time. */
const MOST_KEPT = 200;

export function followChanges(store: Pick<RunStore, 'follow'>, ref: RunRef, signal: AbortSignal | undefined): Changes {
  let hasChanged = true;
  let came = NOTHING;
  let wake: (() => void) | undefined;

  /**
   * Lines that leave a gap, or are too many, are read from the store like everything that is not told; so is a change
   * without lines, which may be the end.
   */
  function keep(added: RunLines | undefined): void {
    if (added?.lines.length === 0) {
      hasChanged = true;
      return;
    }
    const { first, lines } = came.lines.length === 0 ? { first: added?.first ?? 1, lines: [] } : came;
    const fits = added?.first === first + lines.length && lines.length + added.lines.length <= MOST_KEPT;
    if (!fits) hasChanged = true;
    came = fits ? { first, lines: [...lines, ...added.lines] } : NOTHING;
  }

  const onChange = (added?: RunLines) => {
    keep(added);
    wake?.();
  };
  const onAbort = () => wake?.();
  const unfollow = store.follow(ref, onChange);
  signal?.addEventListener('abort', onAbort, { once: true });
  return {
    take(after, limit) {
      const known = after + 1 - came.first;
      if (came.lines.length === 0 || known < 0) {
        came = NOTHING;
        return undefined;
      }
      const lines = came.lines.slice(known, known + limit);
      came = { first: came.first + known + lines.length, lines: came.lines.slice(known + lines.length) };
      return lines.length === 0 && hasChanged ? undefined : lines;
    },
    look() {
      hasChanged = false;
    },
    next(ms = LOOK_MS) {
      if (hasChanged || came.lines.length > 0 || signal?.aborted === true) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(() => wake?.(), ms);
        wake = () => {
          clearTimeout(timer);
          wake = undefined;
          resolve();
        };
      });
    },
    end() {
      unfollow();
      signal?.removeEventListener('abort', onAbort);
    },
  };
}

function check(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new PypesError('invalid_request', `${name} has to be a whole number from ${least} to ${most}, got ${value}`);
}
