// Reads a segment of a run journal from any frame on, and goes on behind what is damaged.
import { readSync } from 'node:fs';
import { type FrameHead, HASH, isWhole, LONGEST_HEAD, parseHead } from './frame.ts';

/** A whole frame: `at` is where it begins, `payloadAt` where its lines do. The payload is valid until the next one. */
export type ScannedFrame = FrameHead & {
  readonly at: number;
  readonly payloadAt: number;
  readonly payload: Buffer;
};

export type Scanned = ScannedFrame | { readonly damage: { readonly from: number; readonly to: number } };

/**
 * All whole frames from `from` to `size`. What is no frame is damage where a whole one follows it, and else a torn end.
 * Returns where the last whole frame ends.
 */
export function* scanSegment(file: number, from: number, size: number): Generator<Scanned, number> {
  const window = createWindow(file, size);
  let end = from;
  for (let at = from; at < size; ) {
    const frame = frameAt(window, at, size);
    if (frame === undefined) {
      const next = window.findHead(at);
      if (next === undefined) break;
      at = next;
      continue;
    }
    if (at > end) yield { damage: { from: end, to: at } };
    yield frame;
    at = frame.payloadAt + frame.bytes;
    end = at;
  }
  return end;
}

function frameAt(window: Window, at: number, size: number): ScannedFrame | undefined {
  const found = parseHead(window.bytes(at, Math.min(LONGEST_HEAD, size - at)));
  if (found === undefined) return undefined;
  const { head, length } = found;
  if (at + length + head.bytes > size) return undefined;
  const whole = window.bytes(at, length + head.bytes);
  const payload = whole.subarray(length);
  if (!isWhole(whole.subarray(0, length), payload)) return undefined;
  return { ...head, at, payloadAt: at + length, payload };
}

type Window = {
  /** Exactly these bytes, or as many as the file has. */
  bytes(at: number, length: number): Buffer;
  /** Where the next head could begin, after `at`; not only after a line feed, since that may be what is damaged. */
  findHead(at: number): number | undefined;
};

const WINDOW_BYTES = 1024 * 1024;

function createWindow(file: number, size: number): Window {
  let buffer: Buffer = Buffer.alloc(0);
  let begin = 0;

  function bytes(at: number, length: number): Buffer {
    if (at < begin || at + length > begin + buffer.length) {
      buffer = readAt(file, at, Math.min(Math.max(length, WINDOW_BYTES), size - at));
      begin = at;
    }
    return buffer.subarray(at - begin, at - begin + length);
  }

  return {
    bytes,
    findHead(at) {
      for (let from = at + 1; from < size; from += WINDOW_BYTES) {
        const found = bytes(from, Math.min(WINDOW_BYTES, size - from)).indexOf(HASH);
        if (found !== -1) return from + found;
      }
      return undefined;
    },
  };
}

/** These bytes of a file; fewer where it ends before. */
export function readAt(file: number, at: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const got = readSync(file, buffer, read, length - read, at + read);
    if (got === 0) break;
    read += got;
  }
  return buffer.subarray(0, read);
}
