// Replaces records by compare-and-set, with events in the same step: of all who try, one is told that it was them.
import { isPypesError, PypesError } from '@pypes/contract';
import type { RunLines, RunRecord, RunStore } from '@pypes/contract/runs';
import { checkLines, checkNextVersion } from '../run-rules.ts';
import { createBatches } from './batch.ts';
import type { ChangeKind } from './changes.ts';
import type { Value } from './database.ts';
import { byRef, isNameless, keyOf, SEPARATOR, toLines, toRecord, toText } from './rows.ts';
import type { Session } from './session.ts';

type Change = {
  readonly before: RunRecord;
  readonly after: RunRecord;
  readonly text: string;
  readonly events: RunLines | undefined;
  readonly lines: string;
};

export function createUpdate({ database, statements, changes, origin, lanes }: Session): RunStore['update'] {
  async function apply(given: readonly Change[]): Promise<readonly (boolean | PypesError)[]> {
    const all = given.toSorted((a, b) => byRef(a.before, b.before));
    let done: readonly (boolean | PypesError)[] = [];
    try {
      done = await database.settle(statements.update, [...toColumns(all), origin], async (rows, mayBeDone) => {
        const changed = new Set(rows.map(([tenant, run_id]) => JSON.stringify([tenant, run_id])));
        return Promise.all(given.map(async (one) => changed.has(keyOf(one.before)) || (mayBeDone && wasMine(one))));
      });
      return done;
    } finally {
      for (const [index, { before, events }] of given.entries()) {
        changes.notify(before, done[index] === true ? events : undefined);
      }
    }
  }

  /** Whether the change was made by a statement whose answer was lost. */
  async function wasMine({ after, text }: Change): Promise<boolean | PypesError> {
    const [row] = await database.query(statements.get, [after.tenant, after.run_id]);
    const record = row && toRecord(row);
    if (record === undefined || record.version < after.version) return false;
    if (record.version === after.version) return record.status === after.status && toText(record) === text;
    return new PypesError('unavailable', `Whether the run "${after.run_id}" was changed is not known; read it first`);
  }

  const batched = createBatches<Change, boolean | PypesError>({
    run: apply,
    keyOf: ({ before }) => keyOf(before),
    sizeOf: ({ text, lines }) => text.length + lines.length,
    lanes,
  });
  return async (before, after, events) => {
    checkNextVersion(before, after);
    if (events !== undefined) checkLines(events);
    if (isNameless(before.tenant, before.run_id)) return false;
    const result = await batched({ before, after, text: toText(after), events, lines: toLines(events?.lines ?? []) });
    if (isPypesError(result)) throw result;
    return result;
  };
}

function toColumns(all: readonly Change[]): readonly Value[] {
  const column = <T>(of: (after: RunRecord, change: Change) => T) => all.map((change) => of(change.after, change));
  return [
    column(({ tenant }) => tenant),
    column(({ run_id }) => run_id),
    column((_, { before }) => before.version),
    column(({ version }) => version),
    column(({ status }) => status),
    column(({ attempt }) => attempt),
    column(({ owner }) => owner ?? null),
    column(({ lease_until }) => lease_until ?? null),
    column((after, { before }) => after.owner === before.owner && after.lease_until === before.lease_until),
    column(({ started_at }) => started_at ?? null),
    column(({ cancel_requested_at }) => cancel_requested_at !== undefined),
    column((_, change) => kindOf(change)),
    column((_, { events }) => events?.first ?? null),
    column((_, { events }) => events?.lines.length ?? 0),
    all.map(({ text }) => text).join(SEPARATOR),
    all.map(({ lines }) => lines).join(SEPARATOR),
  ];
}

function kindOf({ before, after }: Change): ChangeKind {
  if (after.status === 'queued') return 'new';
  return before.cancel_requested_at === undefined && after.cancel_requested_at !== undefined ? 'cancel' : 'changed';
}
