// Runs in a Postgres database.
export type { PostgresRunStoreOptions } from './options.ts';
export { createPostgresRunStore } from './store.ts';
