// The little of a Durable Object's SQL interface that the stores use, so that any SQLite can stand behind it.

export type SqlValue = string | number | null | ArrayBuffer | Uint8Array;
export type SqlRow = { readonly [column: string]: SqlValue };

/** Rows of one statement. */
export interface SqlCursor {
  toArray(): readonly SqlRow[];
}

/** `ctx.storage.sql` is one. A row has 2 MB at most there, a pattern of LIKE 50 bytes, a statement 100 values. */
export interface SqlStorage {
  exec(query: string, ...values: SqlValue[]): SqlCursor;
}

/** `ctx.storage` is one: what `transactionSync` runs is done as a whole, or not at all where it throws. */
export interface SqlDatabase {
  readonly sql: SqlStorage;
  transactionSync<T>(change: () => T): T;
}
