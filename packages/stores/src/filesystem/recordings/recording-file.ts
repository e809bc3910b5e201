// One file of a recording that lines are added to, also by several processes at once: nothing in it is ever changed.
import { type FileHandle, open } from 'node:fs/promises';

/** An open file. */
export interface RecordingFile {
  /** Bytes that this process knows of. */
  readonly bytes: number;
  /** Adds whole lines. @throws Error of the system; half a line may have been left */
  append(lines: string): Promise<void>;
  /** Whether somebody has removed it. */
  isGone(): Promise<boolean>;
  close(): Promise<void>;
}

/** Opens a file for its owner alone. Behind half a line, which a crash or a full disk left, a new one is begun. */
export async function openRecordingFile(path: string): Promise<RecordingFile> {
  const file = await open(path, 'a+', 0o600);
  let bytes: number;
  try {
    bytes = (await file.stat()).size;
    if (bytes > 0 && !(await endsWithLine(file, bytes))) await file.appendFile('\n');
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    get bytes() {
      return bytes;
    },
    async append(lines) {
      await file.appendFile(lines);
      bytes += Buffer.byteLength(lines);
    },
    isGone: async () => (await file.stat()).nlink === 0,
    close: () => file.close(),
  };
}

const LINE_FEED = 10;

async function endsWithLine(file: FileHandle, size: number): Promise<boolean> {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === LINE_FEED;
}
