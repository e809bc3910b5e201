// A record as columns and back: what statements decide on stands in columns, the rest of it in one JSON text.
import { PypesError } from '@pypes/contract';
import type { RunRecord, RunRef } from '@pypes/contract/runs';
import type { Row } from './database.ts';

/** In the order of {@link toRecord}. */
export const RECORD_COLUMNS = 'tenant, run_id, version, status, attempt, owner, lease_until, started_at, record';

/** Separates texts that are sent as one; no JSON text has it, so that none needs quoting. */
export const SEPARATOR = '\u001e';

export function toRecord(row: Row): RunRecord {
  const [tenant, run_id, version, status, attempt, owner, lease_until, started_at, record] = row;
  return {
    ...JSON.parse(record as string),
    tenant,
    run_id,
    version,
    status,
    attempt,
    ...(owner === null ? {} : { owner }),
    ...(lease_until === null ? {} : { lease_until }),
    ...(started_at === null ? {} : { started_at }),
  };
}

/** What of a record is in no column. */
export function toText(record: RunRecord): string {
  const { tenant: _, run_id: _1, version: _2, status: _3, attempt: _4, owner: _5, lease_until: _6, ...rest } = record;
  const { started_at: _7, ...text } = rest;
  return JSON.stringify(text);
}

/** Stands for no lines: `string_to_array` makes of an empty text nothing at all. It is no JSON text, and is not counted. */
export const NOTHING = '-';

/** Lines as one text, which `string_to_array` takes apart. */
export function toLines(lines: readonly string[]): string {
  for (const line of lines) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
    if (line === '' || /[\u0000-\u001f]/.test(line) || !line.isWellFormed()) {
      throw new PypesError('invalid_request', `${JSON.stringify(line.slice(0, 100))} is no JSON text on one line`);
    }
  }
  return lines.length === 0 ? NOTHING : lines.join('\n');
}

/** One key for each run, whatever its names have in them. */
export function keyOf({ tenant, run_id }: RunRef): string {
  return JSON.stringify([tenant, run_id]);
}

/** Names that Postgres cannot be asked for: nothing has them. */
export function isNameless(...names: readonly (string | undefined)[]): boolean {
  return names.some((name) => name?.includes('\0'));
}

/** By tenant and id, so that all statements lock rows in one order. */
export function byRef<T extends RunRef>(a: T, b: T): number {
  return compare(a.tenant, b.tenant) || compare(a.run_id, b.run_id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
