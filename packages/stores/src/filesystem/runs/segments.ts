// The files of a journal, 000001.jsonl and so on, and reading any part of them.
import { closeSync, openSync, readdirSync, read as readLater } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readAt } from './scan.ts';

const SEGMENT = /^(\d{6,9})\.jsonl$/;
const MOST_OPEN = 64;

export function segmentPath(folder: string, segment: number): string {
  return join(folder, `${String(segment).padStart(6, '0')}.jsonl`);
}

/** Numbers of the segments, in order. */
export function listSegments(folder: string): readonly number[] {
  return readdirSync(folder)
    .flatMap((name) => SEGMENT.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** A part of a journal. */
export type Place = { readonly segment: number; readonly offset: number; readonly bytes: number };

export interface SegmentReader {
  /** At once: for what the system has in memory. */
  read(place: Place): Buffer;
  /** In the background: for what has to come from the disk. */
  readLater(place: Place): Promise<Buffer>;
  close(): void;
}

const readInBackground = promisify(readLater);

/** Keeps the files open that were read last. What is being read when it is closed can be read to its end. */
export function createSegmentReader(folder: string): SegmentReader {
  const kept = new Map<number, OpenFile>();
  let isClosed = false;

  function borrow(segment: number): OpenFile {
    const known = kept.get(segment) ?? {
      file: openSync(segmentPath(folder, segment), 'r'),
      users: 0,
      isKept: !isClosed,
    };
    known.users += 1;
    kept.delete(segment);
    if (known.isKept) kept.set(segment, known);
    const [oldest] = kept.size > MOST_OPEN ? kept.keys() : [];
    if (oldest !== undefined) drop(oldest);
    return known;
  }

  function giveBack(open: OpenFile): void {
    open.users -= 1;
    if (open.users === 0 && !open.isKept) closeSync(open.file);
  }

  function drop(segment: number): void {
    const open = kept.get(segment) as OpenFile;
    kept.delete(segment);
    open.isKept = false;
    if (open.users === 0) closeSync(open.file);
  }

  return {
    read({ segment, offset, bytes }) {
      const open = borrow(segment);
      try {
        return readAt(open.file, offset, bytes);
      } finally {
        giveBack(open);
      }
    },
    async readLater({ segment, offset, bytes }) {
      const open = borrow(segment);
      try {
        const { bytesRead, buffer } = await readInBackground(open.file, Buffer.allocUnsafe(bytes), 0, bytes, offset);
        return buffer.subarray(0, bytesRead);
      } finally {
        giveBack(open);
      }
    },
    close() {
      isClosed = true;
      for (const segment of [...kept.keys()]) drop(segment);
    },
  };
}

type OpenFile = { readonly file: number; users: number; isKept: boolean };
