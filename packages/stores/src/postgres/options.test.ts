// What is given is checked before anything connects, and no message shows a password.
import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { createPostgresRunStore, type PostgresRunStoreOptions } from './index.ts';

const SECRET = 'hunter2';

async function refusal(options: PostgresRunStoreOptions): Promise<Error & { code: string }> {
  const store = await createPostgresRunStore(options).catch((error) => error);
  expect(store).toBeInstanceOf(Error);
  return store;
}

it('refuses options that cannot be meant', async () => {
  const somewhere = { connectionString: 'postgres://pypes@127.0.0.1:1/x' };
  for (const options of [
    {},
    ...['', 'A', 'a-b', '1a', 'a"b', 'x'.repeat(41)].map((schema) => ({ ...somewhere, schema })),
  ])
    expect((await refusal(options)).code).toBe('invalid_request');
});

it('says that a database is away, or a connection string is none, without what is secret in it', async () => {
  const strings = [
    `postgres://pypes:${SECRET}@127.0.0.1:1/x`,
    `postgres://pypes:${SECRET}@nowhere.invalid/x`,
    `postgres://pypes:${SECRET}@[bad/x`,
    `postgres://pypes:${SECRET}@127.0.0.1:99999999/x`,
    `postgres://pypes:${SECRET}@127.0.0.1:1/x?sslmode=verify-full&sslrootcert=/none/${SECRET}`,
  ];
  for (const connectionString of strings) {
    const error = await refusal({ connectionString, retryForMs: 50 });
    expect(['unavailable', 'invalid_request']).toContain(error.code);
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain(SECRET);
  }
});
