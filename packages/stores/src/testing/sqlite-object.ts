// The database of a Durable Object without one: node:sqlite behind the same small interface, with the platform's limits.
import { DatabaseSync } from 'node:sqlite';
import type { SqlDatabase, SqlRow, SqlValue } from '../durable-object/sql.ts';

/** What one row may have at the platform. */
const ROW_BYTES = 2_000_000;

/** In memory, or in a file. */
export function openSqliteObject(path = ':memory:'): SqlDatabase & { close(): void } {
  const database = new DatabaseSync(path);
  return {
    close: () => database.close(),
    sql: {
      exec(query: string, ...values: SqlValue[]) {
        if (/\b(BEGIN|COMMIT|ROLLBACK|SAVEPOINT)\b/i.test(query)) throw new Error('The platform refuses transactions');
        for (const value of values) {
          const bytes = typeof value === 'string' ? value.length : ((value as Uint8Array | null)?.byteLength ?? 0);
          if (bytes > ROW_BYTES) throw new Error('string or blob too big: SQLITE_TOOBIG');
        }
        const given = values.map((value) => (value instanceof ArrayBuffer ? new Uint8Array(value) : value));
        const rows = database.prepare(query).all(...given) as readonly SqlRow[];
        return { toArray: () => rows };
      },
    },
    transactionSync(change) {
      const outermost = !database.isTransaction;
      database.exec(outermost ? 'BEGIN' : 'SAVEPOINT inner');
      try {
        const result = change();
        database.exec(outermost ? 'COMMIT' : 'RELEASE inner');
        return result;
      } catch (error) {
        database.exec(outermost ? 'ROLLBACK' : 'ROLLBACK TO inner');
        if (!outermost) database.exec('RELEASE inner');
        throw error;
      }
    },
  };
}
