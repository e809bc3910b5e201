// Adds runs: an id and an idempotency key are there once, however often and from wherever they are sent.
import { PypesError } from '@pypes/contract';
import type { RunRecord, RunStore } from '@pypes/contract/runs';
import { checkNewRun, runExists } from '../run-rules.ts';
import { createBatches } from './batch.ts';
import type { Value } from './database.ts';
import { keyOf, SEPARATOR, toRecord, toText } from './rows.ts';
import type { Session } from './session.ts';

type Created = Awaited<ReturnType<RunStore['create']>>;
type New = { readonly record: RunRecord; readonly text: string };

export function createCreate({ database, statements, origin, lanes }: Session): RunStore['create'] {
  async function add(all: readonly New[]): Promise<readonly (Created | PypesError)[]> {
    return database.settle(statements.create, [...toColumns(all), origin], async (rows, mayBeDone) => {
      const added = new Set(rows.map(([tenant, run_id]) => JSON.stringify([tenant, run_id])));
      return Promise.all(
        all.map(async ({ record, text }) =>
          added.has(keyOf(record)) ? { record, isNew: true } : findSame(record, mayBeDone ? text : undefined),
        ),
      );
    });
  }

  /** The run that was there before, or this one (`text`, where it may be) whose answer was lost. */
  async function findSame(record: RunRecord, text: string | undefined): Promise<Created | PypesError> {
    const { tenant, run_id, idempotency_key } = record;
    const [same] =
      idempotency_key === undefined ? [] : await database.query(statements.findByKey, [tenant, idempotency_key]);
    const [known] = same === undefined ? await database.query(statements.get, [tenant, run_id]) : [same];
    if (known === undefined) return new PypesError('unavailable', `The run "${run_id}" met another one; try again`);
    const found = toRecord(known);
    if (found.run_id === run_id && toText(found) === text) return { record: found, isNew: true };
    return same === undefined ? runExists(record) : { record: found, isNew: false };
  }

  const batched = createBatches<New, Created | PypesError>({
    run: add,
    keyOf: ({ record }) => keyOf(record),
    sizeOf: ({ text }) => text.length,
    lanes,
  });
  return async (record) => {
    checkNewRun(record);
    const created = await batched({ record, text: toText(record) });
    if (created instanceof PypesError) throw created;
    return created;
  };
}

function toColumns(all: readonly New[]): readonly Value[] {
  const column = <T>(of: (record: RunRecord) => T) => all.map(({ record }) => of(record));
  return [
    column(({ tenant }) => tenant),
    column(({ run_id }) => run_id),
    column(({ version }) => version),
    column(({ status }) => status),
    column(({ attempt }) => attempt),
    column(({ request }) => request.agent ?? null),
    column(({ idempotency_key }) => idempotency_key ?? null),
    column(({ owner }) => owner ?? null),
    column(({ lease_until }) => lease_until ?? null),
    column(({ started_at }) => started_at ?? null),
    column(({ cancel_requested_at }) => cancel_requested_at !== undefined),
    all.map(({ text }) => text).join(SEPARATOR),
  ];
}
