// A lock that lives as long as its holder: a transaction of SQLite is a lock of the system, which no kill leaves behind.
import { DatabaseSync } from 'node:sqlite';

/** A lock that is held. */
export type ProcessLock = { release(): void };

/** Undefined where somebody holds it, in this process or another. The file stays. */
export function tryProcessLock(path: string): ProcessLock | undefined {
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if ((error as { errcode?: unknown }).errcode === SQLITE_BUSY) return undefined;
    throw error;
  }
  return { release: () => database.close() };
}

const SQLITE_BUSY = 5;
