// Packs and memory in the SQLite database of a Durable Object, or any other behind the same small interface.
export { createDurableObjectMemoryStore } from './memory.ts';
export {
  createDurableObjectPackStore,
  type DurableObjectPackStore,
  type DurableObjectPacksOptions,
} from './packs.ts';
export type { SqlCursor, SqlDatabase, SqlRow, SqlStorage, SqlValue } from './sql.ts';
