// What is known of runs, and their lines.
import type { RunStore } from '@pypes/contract/runs';
import { isNameless, toRecord } from './rows.ts';
import type { Session } from './session.ts';
import { createSharedReads } from './share.ts';

const LANES = 8;

export function createReads({ database, statements }: Session): Pick<RunStore, 'get' | 'list' | 'read' | 'last'> {
  const shared = createSharedReads(LANES);
  return {
    async get({ tenant, run_id }) {
      if (isNameless(tenant, run_id)) return undefined;
      const values = [tenant, run_id];
      const [row] = await shared(keyOf('get', values), () => database.query(statements.get, values));
      return row && toRecord(row);
    },
    async list(tenant, query) {
      if (isNameless(tenant, query.agent, query.before)) return [];
      return (await database.query(...statements.list(tenant, query))).map(toRecord);
    },
    async read({ tenant, run_id }, stream, after, limit) {
      if (isNameless(tenant, run_id)) return [];
      const values = [tenant, run_id, after, limit];
      const rows = await shared(keyOf(stream, values), () => database.query(statements.read[stream], values));
      return rows.map(([line]) => line as string);
    },
    async last({ tenant, run_id }, stream) {
      if (isNameless(tenant, run_id)) return 0;
      const values = [tenant, run_id];
      const [row] = await shared(keyOf(`last ${stream}`, values), () =>
        database.query(statements.last[stream], values),
      );
      return (row?.[0] as number | undefined) ?? 0;
    },
  };
}

function keyOf(what: string, values: readonly (string | number)[]): string {
  return JSON.stringify([what, ...values]);
}
