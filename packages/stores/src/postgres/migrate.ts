// Brings the schema up to date: any number of processes may start at once, and none works with tables it does not know.
import { PypesError } from '@pypes/contract';
import type { ClientBase } from 'pg';
import type { Database } from './database.ts';
import { MIGRATIONS } from './migrations.ts';

/** @throws PypesError `unsupported_schema` for tables of a newer version, and for a database that is not UTF-8 */
export async function migrate(database: Database, schema: string, steps = MIGRATIONS): Promise<void> {
  await database.use(async (client) => {
    await checkEncoding(client);
    for (let done = await lastStep(client, schema); done < steps.length; ) done = await takeStep(client, schema, steps);
    checkKnown(await lastStep(client, schema), steps.length, schema);
  });
}

/** Lines come back as the bytes they were: only UTF-8 keeps every one of them. */
async function checkEncoding(client: ClientBase): Promise<void> {
  const encoding = (await client.query('show server_encoding')).rows[0]?.server_encoding;
  if (encoding === 'UTF8') return;
  throw new PypesError(
    'unsupported_schema',
    `The database is encoded as ${encoding}, runs need UTF8; create one with createdb --encoding UTF8 --template template0`,
  );
}

/** 0 where nothing is there. */
async function lastStep(client: ClientBase, schema: string): Promise<number> {
  // By a query, which sees what is committed; to_regclass may answer from what this connection saw before it waited.
  const known = await client.query(
    `select from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = 'migrations'`,
    [schema],
  );
  if (known.rowCount === 0) return 0;
  const { rows } = await client.query(`select coalesce(max(step), 0) as step from "${schema}".migrations`);
  return Number(rows[0]?.step);
}

/** Takes the next step, or waits for the process that does; returns the last one that is done. */
async function takeStep(client: ClientBase, schema: string, steps: typeof MIGRATIONS): Promise<number> {
  await client.query('begin');
  await client.query('set local statement_timeout = 0');
  await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`pypes migrations ${schema}`]);
  const done = await lastStep(client, schema);
  const step = steps[done];
  if (step === undefined) {
    await client.query('commit');
    return done;
  }
  if (done === 0) await createSchema(client, schema);
  await client.query(step(`"${schema}"`));
  await client.query(`insert into "${schema}".migrations (step) values ($1)`, [done + 1]);
  await client.query('commit');
  return done + 1;
}

async function createSchema(client: ClientBase, schema: string): Promise<void> {
  const known = await client.query('select from pg_namespace where nspname = $1', [schema]);
  if (known.rowCount === 0) await client.query(`create schema "${schema}"`);
  await client.query(
    `create table "${schema}".migrations (step integer primary key, done_at timestamptz not null default now())`,
  );
}

function checkKnown(step: number, known: number, schema: string): void {
  if (step <= known) return;
  throw new PypesError(
    'unsupported_schema',
    `The schema "${schema}" is at step ${step}, this version knows ${known}; update Pypes, or name another schema`,
  );
}
