// Events of a run one after another, as they come: a reader that is slow holds one page, and holds up nobody (spec 5).
import { parseEventCursor, type RunRef, type RunStore, toEventCursor } from '@pypes/contract/runs';
import { isRunId, noSuchRun } from '../request/new-record.ts';
import { followChanges, nextPage } from './read-events.ts';

const PAGE = 200;

/** Ends after the last event, or when the signal aborts. @throws PypesError `invalid_request`, `not_found` */
export async function* followEvents(
  store: Pick<RunStore, 'get' | 'read' | 'follow'>,
  ref: RunRef,
  cursor?: string,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly cursor: string; readonly line: string }> {
  if (!isRunId(ref)) throw noSuchRun(ref);
  let after = cursor === undefined ? 0 : parseEventCursor(ref.run_id, cursor);
  const changes = followChanges(store, ref, signal);
  try {
    while (!isAborted(signal)) {
      const { lines, complete } = await nextPage(store, changes, ref, after, PAGE);
      for (const line of lines) {
        after += 1;
        yield { cursor: toEventCursor(ref.run_id, after), line };
        if (isAborted(signal)) return;
      }
      if (complete) return;
      if (lines.length < PAGE) await changes.next();
    }
  } finally {
    changes.end();
  }
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
