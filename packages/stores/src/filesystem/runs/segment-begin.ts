// The first frame of each segment: which journal it belongs to, so that an index of another one is told apart.
import { closeSync, fdatasyncSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { encodeFrame } from './frame.ts';
import { scanSegment } from './scan.ts';
import { segmentPath } from './segments.ts';

/** Where a journal ends, or a part of it. */
export type JournalEnd = { readonly segment: number; readonly offset: number };

const FORMAT = 1;
const NOBODY = { tenant: '', run_id: '-' };

/** Makes a segment, durably, and says where its first frame of a run goes. */
export function beginSegment(
  { folder, journal, now }: { readonly folder: string; readonly journal: string; readonly now: () => number },
  segment: number,
): JournalEnd {
  const content = { format: FORMAT, journal, segment, created_at: new Date(now()).toISOString() };
  const { head, payload } = encodeFrame('j', NOBODY, [JSON.stringify(content)], { first: 0, count: 0 });
  const bytes = Buffer.concat([head, payload]);
  const path = segmentPath(folder, segment);
  const file = openSync(path, 'wx', 0o600);
  try {
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fdatasyncSync(file);
    syncFolderNow(folder);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return { segment, offset: bytes.length };
}

/** The journal that a segment says it belongs to; undefined where it says nothing that can be read. */
export function journalOf(file: number, size: number): string | undefined {
  const first = scanSegment(file, 0, size).next().value;
  if (typeof first !== 'object' || 'damage' in first || first.kind !== 'j') return undefined;
  return (JSON.parse(first.payload.toString()) as { readonly journal: string }).journal;
}

function syncFolderNow(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
