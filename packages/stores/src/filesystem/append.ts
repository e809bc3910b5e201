// Appends lines to a file, many at a time, in order.
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file that lines are added to. */
export interface LineAppender {
  write(line: string): void;
  /** Writes out what waits and flushes it to the disk. */
  close(): void;
}

/** How long a line may wait for company, in milliseconds, and how much may wait, in characters. */
const WAIT_MS = 20;
const MOST_WAITING = 256 * 1024;

/**
 * Opens a file for appending when the first line comes. Lines of the same moment go out in one write; a failure is
 * given to `onError` with the number of lines that were lost, never swallowed.
 */
export function appendLines(path: string, onError: (error: unknown, lines: number) => void): LineAppender {
  let waiting = '';
  let lines = 0;
  let file: number | undefined;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting === '') return;
    const bytes = Buffer.from(waiting);
    const count = lines;
    waiting = '';
    lines = 0;
    try {
      if (file === undefined) {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        file = openSync(path, 'a', 0o600);
      }
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    } catch (error) {
      onError(error, count);
    }
  }

  return {
    write(line) {
      waiting += `${line}\n`;
      lines += 1;
      if (waiting.length > MOST_WAITING) flush();
      else timer ??= setTimeout(flush, WAIT_MS);
    },
    close() {
      flush();
      if (file === undefined) return;
      fsyncSync(file);
      closeSync(file);
      file = undefined;
    },
  };
}
