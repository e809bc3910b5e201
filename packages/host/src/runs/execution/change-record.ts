// Changes a record, and appends to its events, in one step: by compare-and-set, again where somebody was faster.
import { canonicalJson, type Json } from '@pypes/contract';
import { isTerminal, type RunLines, type RunRecord, type RunRef, type RunStore } from '@pypes/contract/runs';

/** How a change of a record is stored. */
export type ChangeParts = {
  readonly store: Pick<RunStore, 'get' | 'update'>;
  readonly persist: <T>(work: () => Promise<T>) => Promise<T>;
};

/** What a change makes of a record, as it is at that moment; undefined: nothing is to be changed. */
export type Change = (before: RunRecord) => { readonly after: RunRecord; readonly events?: RunLines } | undefined;

/**
 * Changes a record by compare-and-set, again where somebody was faster.
 *
 * @returns the record as it was stored, or as it is where nothing was to be changed; undefined where there is none
 */
export async function changeRecord(
  { store, persist }: ChangeParts,
  first: RunRecord | undefined,
  ref: RunRef,
  change: Change,
): Promise<{ readonly record: RunRecord; readonly isChanged: boolean } | undefined> {
  let before = first;
  for (;;) {
    before ??= await persist(() => store.get(ref));
    if (before === undefined) return undefined;
    const known = before;
    const made = isTerminal(known.status) ? undefined : change(known);
    if (made === undefined) return { record: known, isChanged: false };
    const { after, events } = made;
    let isUnsure = false;
    const isStored = await persist(async () => {
      // An update that failed may have been stored all the same.
      if (isUnsure && isSame(await store.get(ref), after)) return true;
      isUnsure = true;
      return store.update(known, after, events);
    });
    if (isStored) return { record: after, isChanged: true };
    before = undefined;
  }
}

function isSame(stored: RunRecord | undefined, wanted: RunRecord): boolean {
  return stored !== undefined && textOf(stored) === textOf(wanted);
}

function textOf({ lease_until: _lease, ...record }: RunRecord): string {
  return canonicalJson(record as unknown as Json);
}
