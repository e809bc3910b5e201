// The shared suite on a real server: every store a schema of its own, and two stores on one as two processes.
import type { RunStore } from '@pypes/contract/runs';
import { afterAll, beforeAll, describe } from 'vitest';
import { type PostgresServer, postgresSkipReason, startPostgres } from '../testing/postgres.ts';
import { testRunStore } from '../testing/runs.ts';
import { createPostgresRunStore } from './index.ts';

describe.skipIf(postgresSkipReason !== undefined)(`a server (${postgresSkipReason ?? 'there is one'})`, () => {
  const schemas = new Map<RunStore, string>();
  let server: PostgresServer;
  let count = 0;

  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.stop());

  async function open(schema: string): Promise<RunStore> {
    const store = await createPostgresRunStore({ connectionString: server.connectionString, schema });
    schemas.set(store, schema);
    return store;
  }

  testRunStore('Postgres', () => open(`suite_${count++}`), {
    async reopen(store) {
      await store.close();
      return open(schemas.get(store) ?? '');
    },
    async twoProcesses() {
      const schema = `suite_${count++}`;
      return Promise.all([open(schema), open(schema)]);
    },
  });
});
