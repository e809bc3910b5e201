// The index of a journal: an SQLite file that says where in the journal what lies. It is made of the journal, and again
// whenever it is missing, damaged, or of another journal.
import { rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { JournalEnd } from './segment-begin.ts';

const FORMAT = 1;
const NAME = 'index.sqlite';
/** Pages in the log before they go into the file: a flush to the disk less often. */
const CHECKPOINT_PAGES = 4_000;
/** Whoever opens it, or closes it as the last one, locks it for a moment. Its writer cannot go on without it. */
const WRITER_WAITS_MS = 5_000;
const READER_WAITS_MS = 1_000;

const TABLES = `
  CREATE TABLE about (format INTEGER, journal TEXT, segment INTEGER, offset INTEGER);
  CREATE TABLE runs (
    k INTEGER PRIMARY KEY, tenant TEXT NOT NULL, run_id TEXT NOT NULL, status INTEGER NOT NULL, version INTEGER NOT NULL,
    agent TEXT, idempotency_key TEXT, segment INTEGER NOT NULL, offset INTEGER NOT NULL, bytes INTEGER NOT NULL,
    events INTEGER NOT NULL, calls INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX runs_by_id ON runs (tenant, run_id);
  CREATE INDEX runs_by_status ON runs (tenant, status, run_id);
  CREATE INDEX runs_by_agent ON runs (tenant, agent, run_id) WHERE agent IS NOT NULL;
  CREATE INDEX runs_by_key ON runs (tenant, idempotency_key) WHERE idempotency_key IS NOT NULL;
  CREATE INDEX runs_unfinished ON runs (run_id) WHERE status < 2;
  CREATE TABLE blocks (
    k INTEGER NOT NULL, stream INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL,
    segment INTEGER NOT NULL, places BLOB NOT NULL, PRIMARY KEY (k, stream, first)
  ) WITHOUT ROWID;
`;

/** The index of a journal's folder, for its writer; begun anew where `isFresh`. */
export function openIndexFile(folder: string, isFresh: boolean): DatabaseSync {
  const path = `${folder}/${NAME}`;
  if (isFresh) for (const end of ['', '-wal', '-shm', '-journal']) rmSync(path + end, { force: true });
  const database = new DatabaseSync(path, { timeout: WRITER_WAITS_MS });
  try {
    database.exec(
      `PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES}`,
    );
    if (isFresh) database.exec(TABLES);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** The same for whoever only reads; also where nothing may be written. @throws Error of SQLite where there is none */
export function openIndexForReading(folder: string): DatabaseSync {
  const path = `${folder}/${NAME}`;
  try {
    return probed(new DatabaseSync(path, { readOnly: true, timeout: READER_WAITS_MS }));
  } catch (error) {
    // Without the locks, pages of two versions are read where somebody writes: only where nobody can lock it.
    if (!UNLOCKABLE.has(primaryCode(error))) throw error;
    const url = pathToFileURL(path);
    url.searchParams.set('immutable', '1');
    return probed(new DatabaseSync(url, { readOnly: true }));
  }
}

/** An index that nobody else sees, for a journal that has none. */
export function openIndexInMemory(): DatabaseSync {
  const database = new DatabaseSync(':memory:');
  database.exec(TABLES);
  return database;
}

/** Up to where the journal is indexed; undefined where the file is no index of this journal. */
export function indexedUpTo(database: DatabaseSync, journal: string): JournalEnd | undefined {
  const about = database.prepare('SELECT format, journal, segment, offset FROM about').get();
  if (about?.format !== FORMAT || about.journal !== journal) return undefined;
  return { segment: Number(about.segment), offset: Number(about.offset) };
}

/** Says so, in the transaction that is open. */
export function setIndexedUpTo(database: DatabaseSync, journal: string, { segment, offset }: JournalEnd): void {
  database.exec('DELETE FROM about');
  database.prepare('INSERT INTO about VALUES (?, ?, ?, ?)').run(FORMAT, journal, segment, offset);
}

/** Whether an error says that the file is damaged, or is no database. */
export const isDamaged = (error: unknown): boolean => DAMAGED.has(primaryCode(error));

/** Whether it is of a file of SQLite at all. Whoever only reads an index can do without it. */
export const isOfIndex = (error: unknown): boolean => primaryCode(error) > 0;

/** SQLITE_ERROR is a table that is not there, SQLITE_CORRUPT and SQLITE_NOTADB say what they are. */
const DAMAGED: ReadonlySet<number> = new Set([1, 11, 26]);
/** SQLITE_READONLY and SQLITE_CANTOPEN: the files beside it may not be made. */
const UNLOCKABLE: ReadonlySet<number> = new Set([8, 14]);

/** What SQLite says of an error, 0 where it is of something else. */
function primaryCode(error: unknown): number {
  const code = (error as { readonly errcode?: unknown } | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : 0;
}

/** A file of SQLite is read when it is first asked. */
function probed(database: DatabaseSync): DatabaseSync {
  try {
    database.prepare('SELECT format FROM about').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
