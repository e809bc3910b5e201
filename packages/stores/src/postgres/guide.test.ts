// The SQL of the guide, as it is written there: it removes runs that have ended, with their lines, and no other.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { postgresSkipReason, startPostgres } from '../testing/postgres.ts';
import { finished, linesOf, newRun, readAll, startRun } from '../testing/runs-made.ts';
import { createPostgresRunStore } from './index.ts';

const GUIDE = join(import.meta.dirname, '../../../../docs/guide/stores.md');

describe.skipIf(postgresSkipReason !== undefined)(`the guide (${postgresSkipReason ?? 'on a server'})`, () => {
  it('removes old runs', async () => {
    const server = await startPostgres();
    try {
      const store = await createPostgresRunStore({ connectionString: server.connectionString });
      const runs = await Promise.all([1, 2, 3].map((number) => startRun(store, number)));
      for (const run of runs) {
        await store.append({ ...run, attempt: 1 }, 'events', linesOf(1, 2));
        await store.append({ ...run, attempt: 1 }, 'calls', linesOf(1, 2));
        if (run.run_id !== 'run-000002') await store.update(run, finished(run), linesOf(3, 1));
      }
      const sql = /```sql\n(.*?)```/s.exec(readFileSync(GUIDE, 'utf8'))?.[1] ?? '';
      const client = new pg.Client({ connectionString: server.connectionString });
      await client.connect();
      await client.query(sql.replace(`:'oldest_to_keep'`, `'run-000003'`));
      const counts =
        'select (select count(*)::int from pypes.events) as events, (select count(*)::int from pypes.calls) as calls';
      expect((await client.query(counts)).rows).toEqual([{ events: 5, calls: 4 }]);
      await client.end();
      expect((await store.list('', { limit: 9 })).map(({ run_id }) => run_id)).toEqual(['run-000003', 'run-000002']);
      expect(await readAll(store, newRun(3))).toHaveLength(3);
      await store.close();
    } finally {
      await server.stop();
    }
  }, 60_000);
});
