// Files below paths in one SQL table, in pieces that fit into its rows. Nothing is made before something is written.
import type { SqlDatabase, SqlRow, SqlValue } from './sql.ts';

/** Files of one object. Every method is done when it returns; several of them are atomic within a transaction. */
export interface SqlFiles {
  /** Undefined where there is none. */
  read(path: string): Uint8Array | undefined;
  write(path: string, bytes: Uint8Array): void;
  /** The file itself, or all that is in a folder, whose path ends with `/`; sorted. */
  list(path: string): readonly string[];
  /** The file itself, or all that is in a folder. False where there was nothing. */
  remove(path: string): boolean;
}

/** Half of what a row may have. */
const PIECE_BYTES = 1024 * 1024;

const TABLE = `CREATE TABLE IF NOT EXISTS files (
  path TEXT NOT NULL, piece INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (path, piece)
)`;

/** Whoever owns the database may empty it as a whole at any time: a table that is not there has no files. */
export function createSqlFiles({ sql }: Pick<SqlDatabase, 'sql'>): SqlFiles {
  function ask(query: string, ...values: SqlValue[]): readonly SqlRow[] {
    try {
      return sql.exec(query, ...values).toArray();
    } catch (error) {
      if (isNoTable(error)) return [];
      throw error;
    }
  }

  function put(path: string, piece: number, bytes: Uint8Array): void {
    const query = 'INSERT OR REPLACE INTO files VALUES (?, ?, ?)';
    try {
      sql.exec(query, path, piece, bytes);
    } catch (error) {
      if (!isNoTable(error)) throw error;
      sql.exec(TABLE);
      sql.exec(query, path, piece, bytes);
    }
  }

  return {
    remove: (path) =>
      ask('DELETE FROM files WHERE path >= ? AND path < ? RETURNING piece', ...rangeOf(path)).length > 0,
    read(path) {
      const rows = ask('SELECT bytes FROM files WHERE path = ? ORDER BY piece', path);
      return rows.length === 0 ? undefined : join(rows.map(({ bytes }) => toBytes(bytes)));
    },
    write(path, bytes) {
      const pieces = Math.max(1, Math.ceil(bytes.length / PIECE_BYTES));
      for (let piece = 0; piece < pieces; piece++) {
        put(path, piece, bytes.slice(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES));
      }
      ask('DELETE FROM files WHERE path = ? AND piece >= ?', path, pieces);
    },
    list(path) {
      const query = 'SELECT path FROM files WHERE path >= ? AND path < ? AND piece = 0 ORDER BY path';
      return ask(query, ...rangeOf(path)).map((row) => String(row.path));
    },
  };
}

/** Said by SQLite itself, the same everywhere. */
function isNoTable(error: unknown): boolean {
  return error instanceof Error && error.message.includes('no such table: files');
}

/** From a path to the one behind it: of a folder, `0` follows `/`; of a file, nothing lies between it and a zero byte. */
function rangeOf(path: string): readonly [from: string, to: string] {
  return path.endsWith('/') ? [path, `${path.slice(0, -1)}0`] : [path, `${path}\u0000`];
}

/** The platform gives buffers, others give views of larger ones. */
function toBytes(value: unknown): Uint8Array {
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (value instanceof Uint8Array) return value.slice();
  throw new TypeError(`A piece of a file is ${typeof value}, and no bytes`);
}

function join(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (pieces.length === 1 && first !== undefined) return first;
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
