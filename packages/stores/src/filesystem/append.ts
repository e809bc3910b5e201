// Appends lines to a file, many at a time, in order.
import { mkdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file that lines are added to. `close` resolves when every line is on the disk. */
export interface LineAppender {
  write(line: string): void;
  close(): Promise<void>;
}

/**
 * Opens a file for appending. Lines written while the disk is busy go out together; a failure is given to `onError`
 * with the number of lines that were lost, never swallowed.
 */
export function appendLines(path: string, onError: (error: unknown, lines: number) => void): LineAppender {
  let pending: string[] = [];
  let file: FileHandle | undefined;
  let writing: Promise<void> | undefined;

  async function drain(): Promise<void> {
    while (pending.length > 0) {
      const lines = pending;
      pending = [];
      try {
        if (file === undefined) {
          mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
          file = await open(path, 'a', 0o600);
        }
        await file.appendFile(`${lines.join('\n')}\n`);
      } catch (error) {
        onError(error, lines.length);
      }
    }
    writing = undefined;
  }

  return {
    write(line) {
      pending.push(line);
      writing ??= Promise.resolve().then(drain);
    },
    async close() {
      await writing;
      await file?.sync();
      await file?.close();
      file = undefined;
    },
  };
}
