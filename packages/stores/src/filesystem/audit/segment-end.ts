// What stands at the end of a segment of the audit log: the last seal, and what a process that was killed left after it.
import { readSync } from 'node:fs';
import type { AuditSeal } from '@pypes/contract';

/** Where a segment goes on. */
export type SegmentEnd = {
  readonly chain: string;
  readonly key: string;
  readonly seal: string;
  readonly records: number;
  /** Whole lines after the last seal. */
  readonly rest: string;
  /** Where they end. */
  readonly end: number;
  /** Bytes of half a line behind them. */
  readonly torn: number;
};

/** `new`: not even the first line is whole. `damaged`: there are lines, but nothing that a segment goes on from. */
export function readSegmentEnd(file: number, size: number): SegmentEnd | 'new' | 'damaged' {
  const head = readText(file, 0, Math.min(size, HEAD_BYTES));
  const lineEnd = head.indexOf('\n');
  if (lineEnd === -1) return 'new';
  const { chain, key } = parse(head.slice(0, lineEnd)) ?? {};
  if (typeof chain !== 'string' || typeof key !== 'string') return 'damaged';
  for (let length = FIRST_TAIL_BYTES; ; length *= 4) {
    const begin = Math.max(0, size - length);
    const found = findSeal(readText(file, begin, size - begin));
    if (found !== undefined) {
      const whole = found.rest.slice(0, found.rest.lastIndexOf('\n') + 1);
      const torn = found.rest.length - whole.length;
      return { chain, key, ...found.seal, rest: whole, end: size - torn, torn };
    }
    if (begin === 0) return 'damaged';
  }
}

const HEAD_BYTES = 4_096;
const FIRST_TAIL_BYTES = 256 * 1_024;

function findSeal(text: string): { readonly seal: AuditSeal; readonly rest: string } | undefined {
  let end = text.lastIndexOf('\n');
  while (end > 0) {
    const begin = text.lastIndexOf('\n', end - 1) + 1;
    // A line that begins before this part of the file is looked at with the next, greater part.
    const line = text.slice(begin, end);
    const entry = line.startsWith('{"seal":') ? parse(line) : undefined;
    if (typeof entry?.seal === 'string' && typeof entry.records === 'number') {
      return { seal: { seal: entry.seal, records: entry.records }, rest: text.slice(end + 1) };
    }
    end = begin - 1;
  }
  return undefined;
}

/** Latin-1, so that a character is a byte wherever the text is cut. */
function readText(file: number, from: number, length: number): string {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const got = readSync(file, bytes, read, length - read, from + read);
    if (got === 0) break;
    read += got;
  }
  return bytes.toString('latin1', 0, read);
}

function parse(line: string): { readonly [key: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as { readonly [key: string]: unknown }) : undefined;
  } catch {
    return undefined;
  }
}
