// The records of an audit log, one after another, without the lines that only hold it together.
import { join } from 'node:path';
import { isJsonObject, type JsonObject } from '@pypes/contract';
import { listAuditFiles, readLines } from '@pypes/stores/filesystem';

/** Which records. */
export type RecordFilter = {
  readonly decision?: string;
  readonly to?: string;
  readonly run?: string;
  /** Milliseconds since 1970. */
  readonly since?: number;
};

/** Records, oldest first in each file. */
export async function* readAuditRecords(folder: string, filter: RecordFilter = {}): AsyncGenerator<JsonObject> {
  const { segments, adopted, sides } = listAuditFiles(folder);
  for (const file of [...segments, ...adopted, ...sides]) {
    for await (const line of readLines(join(folder, file))) {
      const record = parse(line);
      if (record !== undefined && 'decision' in record && isWanted(record, filter)) yield record;
    }
  }
}

function parse(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isWanted(record: JsonObject, { decision, to, run, since }: RecordFilter): boolean {
  return (
    (decision === undefined || record.decision === decision) &&
    (to === undefined || record.to === to) &&
    (run === undefined || record.run === run || record.root === run) &&
    (since === undefined || Date.parse(String(record.time)) >= since)
  );
}
