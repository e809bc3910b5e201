// What the index is asked and told: rows of runs, and blocks of lines.
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { RUN_STATUSES, type RunQuery, type RunRef, type RunStatus, type RunStream } from '@pypes/contract/runs';
import { indexedUpTo, setIndexedUpTo } from './index-file.ts';
import type { JournalEnd } from './segment-begin.ts';
import type { Place } from './segments.ts';

/** A run as the index knows it. */
export type RunRow = RunRef & {
  readonly k: number;
  readonly status: RunStatus;
  readonly version: number;
  readonly agent: string | undefined;
  readonly idempotencyKey: string | undefined;
  /** Of its newest record. */
  readonly place: Place;
  readonly events: number;
  readonly calls: number;
};

/** Lines of one stream in one segment: `places` are triples of offset, bytes and count, in order. */
export type Block = {
  readonly stream: RunStream;
  readonly first: number;
  readonly count: number;
  readonly segment: number;
  readonly places: Uint32Array;
};

export interface RunIndex {
  run(ref: RunRef): RunRow | undefined;
  runByKey(tenant: string, idempotencyKey: string): RunRow | undefined;
  /** Newest first. */
  list(tenant: string, query: RunQuery): readonly RunRow[];
  /** Oldest first, at most so many. */
  unfinished(limit?: number): readonly RunRow[];
  /** Blocks that have lines `from` to `to`, in order. */
  blocks(k: number, stream: RunStream, from: number, to: number): readonly Block[];
  greatestKey(): number;
  indexedUpTo(): JournalEnd | undefined;
  /** All of it or nothing. */
  write(rows: readonly RunRow[], blocks: readonly (Block & { readonly k: number })[], upTo: JournalEnd): void;
  close(): void;
}

const COLUMNS = 'k, tenant, run_id, status, version, agent, idempotency_key, segment, offset, bytes, events, calls';
const NEWER = ['status', 'version', 'segment', 'offset', 'bytes', 'events', 'calls'];
const REPLACED = NEWER.map((column) => `${column} = excluded.${column}`).join(', ');
/** A run may be there under another number, where the index was made anew just when it was being written. */
const UPSERT = `INSERT INTO runs (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (k) DO UPDATE SET ${REPLACED} ON CONFLICT (tenant, run_id) DO UPDATE SET k = excluded.k, ${REPLACED}`;

/** @param journal the id that stands in its segments */
export function createRunIndex(database: DatabaseSync, journal: string): RunIndex {
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    const known = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, known);
    return known;
  };
  const selectRun = prepare(`SELECT ${COLUMNS} FROM runs WHERE tenant = ? AND run_id = ?`);
  const selectByKey = prepare(`SELECT ${COLUMNS} FROM runs WHERE tenant = ? AND idempotency_key = ?`);
  const selectBlocks = prepare(
    `SELECT first, count, segment, places FROM blocks WHERE k = ?1 AND stream = ?2 AND first >= coalesce(
       (SELECT max(first) FROM blocks WHERE k = ?1 AND stream = ?2 AND first <= ?3), 0) AND first <= ?4 ORDER BY first`,
  );

  return {
    run: ({ tenant, run_id }) => optionalRow(selectRun.get(tenant, run_id)),
    runByKey: (tenant, key) => optionalRow(selectByKey.get(tenant, key)),
    list(tenant, { status, agent, before, limit }) {
      const conditions = ['tenant = ?'];
      const values: (string | number)[] = [tenant];
      const add = (condition: string, value: string | number) => values.push(value) && conditions.push(condition);
      if (status !== undefined) add('status = ?', RUN_STATUSES.indexOf(status));
      if (agent !== undefined) add('agent = ?', agent);
      if (before !== undefined) add('run_id < ?', before);
      const sql = `SELECT ${COLUMNS} FROM runs WHERE ${conditions.join(' AND ')} ORDER BY run_id DESC LIMIT ?`;
      return prepare(sql)
        .all(...values, limit)
        .map(toRow);
    },
    unfinished: (limit = -1) =>
      prepare(`SELECT ${COLUMNS} FROM runs WHERE status < 2 ORDER BY run_id LIMIT ?`).all(limit).map(toRow),
    blocks: (k, stream, from, to) =>
      selectBlocks.all(k, STREAMS.indexOf(stream), from, to).map((row) => {
        const { buffer, byteOffset, byteLength } = row.places as Uint8Array<ArrayBuffer>;
        const places = new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength));
        return { stream, first: Number(row.first), count: Number(row.count), segment: Number(row.segment), places };
      }),
    greatestKey: () => Number(prepare('SELECT max(k) AS k FROM runs').get()?.k ?? 0),
    indexedUpTo: () => indexedUpTo(database, journal),
    write(rows, blocks, upTo) {
      const run = prepare(UPSERT);
      const block = prepare('INSERT OR REPLACE INTO blocks VALUES (?, ?, ?, ?, ?, ?)');
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const { k, tenant, run_id, status, version, agent, idempotencyKey, place, events, calls } of rows) {
          const { segment, offset, bytes } = place;
          const state = RUN_STATUSES.indexOf(status);
          const known = [agent ?? null, idempotencyKey ?? null] as const;
          run.run(k, tenant, run_id, state, version, ...known, segment, offset, bytes, events, calls);
        }
        for (const { k, stream, first, count, segment, places } of blocks) {
          block.run(k, STREAMS.indexOf(stream), first, count, segment, new Uint8Array(places.buffer));
        }
        setIndexedUpTo(database, journal, upTo);
        database.exec('COMMIT');
      } catch (error) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => database.close(),
  };
}

const STREAMS: readonly RunStream[] = ['events', 'calls'];

type Columns = { readonly [column: string]: unknown };

function optionalRow(row: Columns | undefined): RunRow | undefined {
  return row === undefined ? undefined : toRow(row);
}

function toRow(row: Columns): RunRow {
  return {
    k: row.k as number,
    tenant: row.tenant as string,
    run_id: row.run_id as string,
    status: RUN_STATUSES[row.status as number] as RunStatus,
    version: row.version as number,
    agent: (row.agent as string | null) ?? undefined,
    idempotencyKey: (row.idempotency_key as string | null) ?? undefined,
    place: { segment: row.segment as number, offset: row.offset as number, bytes: row.bytes as number },
    events: row.events as number,
    calls: row.calls as number,
  };
}
