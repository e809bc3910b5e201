// The list of packs in SQL: one row for each, with what is known of it and the change that is not settled.
import type { PackSummary } from '@pypes/contract';
import type { SqlDatabase, SqlRow } from '@pypes/stores/durable-object';

export type DirectoryRow = {
  readonly guid: string;
  /** Undefined for a pack whose first deploy is not settled. */
  readonly summary: PackSummary | undefined;
  readonly intent: string | undefined;
};

export interface DirectoryRows {
  has(guid: string): boolean;
  announce(guid: string, intent: string): void;
  settle(guid: string, intent: string, summary: PackSummary | undefined): void;
  /** Sorted by guid. */
  all(): readonly DirectoryRow[];
}

const TABLE = 'CREATE TABLE IF NOT EXISTS packs (guid TEXT PRIMARY KEY, summary TEXT, intent TEXT)';

export function createDirectoryRows({ sql }: SqlDatabase): DirectoryRows {
  sql.exec(TABLE);
  const holds = (guid: string, intent: string) =>
    sql.exec('SELECT guid FROM packs WHERE guid = ? AND intent = ?', guid, intent).toArray().length > 0;
  return {
    has: (guid) => sql.exec('SELECT guid FROM packs WHERE guid = ?', guid).toArray().length > 0,
    announce(guid, intent) {
      sql.exec(
        'INSERT INTO packs (guid, intent) VALUES (?, ?) ON CONFLICT (guid) DO UPDATE SET intent = excluded.intent',
        guid,
        intent,
      );
    },
    settle(guid, intent, summary) {
      if (!holds(guid, intent)) return;
      if (summary === undefined) sql.exec('DELETE FROM packs WHERE guid = ?', guid);
      else sql.exec('UPDATE packs SET summary = ?, intent = NULL WHERE guid = ?', JSON.stringify(summary), guid);
    },
    all: () => sql.exec('SELECT guid, summary, intent FROM packs ORDER BY guid').toArray().map(toRow),
  };
}

function toRow({ guid, summary, intent }: SqlRow): DirectoryRow {
  return {
    guid: String(guid),
    summary: typeof summary === 'string' ? (JSON.parse(summary) as PackSummary) : undefined,
    intent: typeof intent === 'string' ? intent : undefined,
  };
}
