// Tables: made once by however many start, brought up to date step by step, left alone where they are newer.
import { PypesError } from '@pypes/contract';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, postgresSkipReason, startPostgres } from '../testing/postgres.ts';
import { newRun } from '../testing/runs-made.ts';
import { openDatabase } from './database.ts';
import { createPostgresRunStore } from './index.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import { toSettings } from './options.ts';

describe.skipIf(postgresSkipReason !== undefined)(`migrations (${postgresSkipReason ?? 'on a server'})`, () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server?.stop());

  async function ask(sql: string, connectionString = server.connectionString): Promise<readonly unknown[]> {
    const client = new pg.Client({ connectionString });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async function withSteps(schema: string, steps: typeof MIGRATIONS): Promise<void> {
    const database = openDatabase(toSettings({ connectionString: server.connectionString, schema }));
    await migrate(database, schema, steps).finally(() => database.close());
  }

  it('makes the tables once, however many processes start at once', async () => {
    const open = () => createPostgresRunStore({ connectionString: server.connectionString, schema: 'crowd' });
    const stores = await Promise.all(Array.from({ length: 8 }, open));
    await stores[0]?.create(newRun(1));
    expect((await stores[7]?.get(newRun(1)))?.run_id).toBe('run-000001');
    expect(await ask('select step from crowd.migrations')).toEqual(MIGRATIONS.map((_, index) => ({ step: index + 1 })));
    await Promise.all(stores.map((store) => store.close()));
  });

  it('keeps schemas apart, also one whose name is a word of SQL', async () => {
    const open = (schema: string) => createPostgresRunStore({ connectionString: server.connectionString, schema });
    const [one, two] = await Promise.all([open('select'), open('table')]);
    let heard = 0;
    two?.follow(newRun(1), () => heard++);
    await one?.create(newRun(1));
    await one?.take(newRun(1), 'worker', { now: 0, leaseMs: 1 });
    expect([await two?.get(newRun(1)), heard]).toEqual([undefined, 0]);
    await Promise.all([one?.close(), two?.close()]);
  });

  it('takes the steps that are missing, and nothing of a step that fails', async () => {
    const add: (typeof MIGRATIONS)[number] = (schema) => `create table ${schema}.more (a integer)`;
    await withSteps('steps', MIGRATIONS);
    await expect(withSteps('steps', [...MIGRATIONS, (schema) => `${add(schema)}; select 1 / 0`])).rejects.toMatchObject(
      { code: 'internal' },
    );
    expect(await ask(`select to_regclass('steps.more') as it`)).toEqual([{ it: null }]);
    await Promise.all([withSteps('steps', [...MIGRATIONS, add]), withSteps('steps', [...MIGRATIONS, add])]);
    expect(await ask('select count(*)::int as it from steps.more')).toEqual([{ it: 0 }]);
  });

  it('refuses tables of a newer version', async () => {
    await withSteps('newer', [...MIGRATIONS, () => 'select 1']);
    await expect(
      createPostgresRunStore({ connectionString: server.connectionString, schema: 'newer' }),
    ).rejects.toMatchObject({ code: 'unsupported_schema' });
  });

  it('refuses a database that cannot keep every character', async () => {
    await ask(`create database latin encoding 'LATIN1' lc_collate 'C' lc_ctype 'C' template template0`);
    const latin = server.connectionString.replace(/[^/]+$/, 'latin');
    await expect(createPostgresRunStore({ connectionString: latin })).rejects.toMatchObject({
      code: 'unsupported_schema',
    });
  });

  it('works for a user who owns no more than the schema, and says what one lacks who does not', async () => {
    await ask(`create role small login; create schema small authorization small; create role stranger login`);
    const as = (user: string) => server.connectionString.replace('pypes@', `${user}@`);
    const store = await createPostgresRunStore({ connectionString: as('small'), schema: 'small' });
    expect((await store.create(newRun(1))).isNew).toBe(true);
    await store.close();
    const refused = createPostgresRunStore({ connectionString: as('stranger'), schema: 'other' });
    await expect(refused).rejects.toThrow(PypesError);
    await expect(refused).rejects.toMatchObject({ code: 'unavailable' });
  });
});
