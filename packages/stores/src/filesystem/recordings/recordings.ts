// Writes recordings of calls below a folder: in the background, bounded, and never in the way of a call.
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder } from '../atomic.ts';
import { listRecordings, newestOf, nextName } from './folder.ts';
import { openRecordingFile, type RecordingFile } from './recording-file.ts';

export type RecordingOptions = {
  readonly folder: string;
  /** What could not be written, and how many writes are lost since this was last said. Said once a minute at most. */
  readonly onError: (error: unknown, lost: number) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** A file that is longer is followed by a new one. */
  readonly fileBytes?: number;
  /** The oldest files are removed where the folder holds more. */
  readonly folderBytes?: number;
  /** What may wait for the disk, in characters; what comes beyond is lost. */
  readonly mostWaiting?: number;
};

/** A recording that is written to. */
export interface Recordings {
  /** Adds whole lines, each with its line feed. */
  write(lines: string): void;
  /** Resolves when all that was written has left the process. */
  close(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;
const REPORT_MS = 60_000;

/** Files `<date>-<n>.jsonl`, dates in UTC. Nothing is made before the first write. */
export function createFilesystemRecordings(options: RecordingOptions): Recordings {
  const { folder, onError, now = Date.now } = options;
  const { fileBytes = 16 * MEBIBYTE, folderBytes = 256 * MEBIBYTE, mostWaiting = 128 * MEBIBYTE } = options;
  let waiting: string[] = [];
  let characters = 0;
  let working: Promise<void> | undefined;
  let opened: { readonly file: RecordingFile; readonly day: string } | undefined;
  let lost = 0;
  let failure: unknown;
  let reportedAt = Number.NEGATIVE_INFINITY;

  function lose(error: unknown, writes: number): void {
    lost += writes;
    failure = error;
    if (now() - reportedAt >= REPORT_MS) report();
  }

  function report(): void {
    reportedAt = now();
    onError(failure, lost);
    lost = 0;
  }

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const { file } = await current();
        await file.append(batch.join(''));
      } catch (error) {
        lose(error, batch.length);
        // A new one begins behind what may have been left of these lines.
        await leave().catch(() => undefined);
      }
      for (const lines of batch) characters -= lines.length;
    }
    working = undefined;
  }

  async function current(): Promise<NonNullable<typeof opened>> {
    const day = new Date(now()).toISOString().slice(0, 'yyyy-mm-dd'.length);
    if (opened !== undefined) {
      const { file } = opened;
      if (opened.day === day && file.bytes < fileBytes && !(await file.isGone())) return opened;
      await leave();
    }
    await makeFolder(folder);
    const newest = newestOf(day, listRecordings(folder));
    const found = newest === undefined ? undefined : await openRecordingFile(join(folder, newest));
    if (found !== undefined && found.bytes < fileBytes) opened = { file: found, day };
    else {
      await found?.close();
      opened = { file: await openRecordingFile(join(folder, nextName(day, newest))), day };
      await prune(folder, folderBytes - fileBytes);
    }
    return opened;
  }

  async function leave(): Promise<void> {
    const { file } = opened ?? {};
    opened = undefined;
    await file?.close();
  }

  return {
    write(lines) {
      if (characters + lines.length > mostWaiting) {
        lose(new Error(`The disk is behind: ${characters} characters wait for it`), 1);
        return;
      }
      waiting.push(lines);
      characters += lines.length;
      working ??= drain();
    },
    async close() {
      await working;
      if (lost > 0) report();
      await leave();
    },
  };
}

/** Removes the oldest files until the rest has at most `most` bytes; the newest stays. */
async function prune(folder: string, most: number): Promise<void> {
  const names = listRecordings(folder);
  const sizes = await Promise.all(
    names.map(async (name) => (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0),
  );
  let total = sizes.reduce((sum, size) => sum + size, 0);
  for (const [index, name] of names.slice(0, -1).entries()) {
    if (total <= most) return;
    await rm(join(folder, name), { force: true });
    total -= sizes[index] as number;
  }
}
