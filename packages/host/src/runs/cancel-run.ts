// Cancels a run: one that nobody has begun ends at once, one that runs is ended by its worker.
import type { RunEvent, RunRecord, RunRef, RunStore } from '@pypes/contract/runs';
import { changeRecord } from './execution/change-record.ts';
import { toEnded, toLastEvent } from './execution/ending.ts';
import { isoTime, toEvent } from './execution/event-log.ts';
import { noSuchRun } from './request/new-record.ts';

/** What canceling needs. */
export type CancelParts = {
  readonly store: Pick<RunStore, 'get' | 'update'>;
  readonly now: () => number;
  readonly observe?: (record: RunRecord, event: RunEvent) => void;
  /** Its worker is to be told. */
  readonly interrupt: (ref: RunRef) => void;
};

/** @throws PypesError `not_found` */
export async function cancelRun({ store, now, observe, interrupt }: CancelParts, ref: RunRef): Promise<RunRecord> {
  const at = now();
  let last: RunEvent | undefined;
  const once = <T>(work: () => Promise<T>) => work();
  const changed = await changeRecord({ store, persist: once }, undefined, ref, (before) => {
    last = undefined;
    if (before.status === 'queued') {
      const ending = { status: 'canceled' } as const;
      last = toEvent(before, toLastEvent(ending, 0), at)(1);
      const after = { ...toEnded(before, ending, undefined, isoTime(at)), cancel_requested_at: isoTime(at) };
      return { after, events: { first: 1, lines: [JSON.stringify(last)] } };
    }
    if (before.cancel_requested_at !== undefined) return undefined;
    return { after: { ...before, version: before.version + 1, cancel_requested_at: isoTime(at) } };
  });
  if (changed === undefined) throw noSuchRun(ref);
  const { record, isChanged } = changed;
  if (last !== undefined && isChanged) observe?.(record, last);
  if (record.status === 'running') interrupt(ref);
  return record;
}
