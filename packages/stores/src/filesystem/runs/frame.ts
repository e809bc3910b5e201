// One entry of a run journal: a line that says what follows and proves it, then the lines themselves as they came.
import { crc32 } from 'node:zlib';
import type { RunRef } from '@pypes/contract/runs';

/**
 * `j` begins a segment; `r` has a record in its first line, then events that came with it; `e` has events, `c` calls.
 * All of a frame is there or nothing of it: its check covers everything after itself.
 */
export type FrameKind = 'j' | 'r' | 'e' | 'c';

export type FrameHead = RunRef & {
  readonly kind: FrameKind;
  /** Of everything after the head. */
  readonly bytes: number;
  /** Number of the first line of the stream, and how many of them. A record is not counted. */
  readonly first: number;
  readonly count: number;
};

/** A frame as bytes, and where in it what lies. */
export type EncodedFrame = { readonly head: Buffer; readonly payload: Buffer };

/** What a head begins with, and no JSON text does; and what ends each line. */
export const HASH = 0x23;
export const LINE_FEED = 0x0a;
/** A head is never longer; whoever looks for one needs not read more. */
export const LONGEST_HEAD = 256;
const HEAD = /^#([0-9a-f]{8}) ([jrec]) (\d{1,10}) (\d{1,15}) (\d{1,9}) ([\w.-]{0,64})\/([\w-]{1,64})$/;
const CHECK_END = 9;

/** @param lines without line breaks; `first` and `count` speak of those that belong to a stream */
export function encodeFrame(
  kind: FrameKind,
  { tenant, run_id }: RunRef,
  lines: readonly string[],
  { first, count }: { readonly first: number; readonly count: number },
): EncodedFrame {
  const payload = Buffer.from(`${lines.length === 1 ? lines[0] : lines.join('\n')}\n`);
  const rest = ` ${kind} ${payload.length} ${first} ${count} ${tenant}/${run_id}\n`;
  const check = crc32(payload, crc32(rest)).toString(16).padStart(8, '0');
  return { head: Buffer.from(`#${check}${rest}`, 'latin1'), payload };
}

/** The head at the beginning of `bytes`, and its length; undefined where there is none. */
export function parseHead(bytes: Buffer): { readonly head: FrameHead; readonly length: number } | undefined {
  if (bytes[0] !== HASH) return undefined;
  const end = bytes.indexOf(LINE_FEED);
  if (end === -1 || end >= LONGEST_HEAD) return undefined;
  const [found, , kind, size, first, count, tenant, run_id] = HEAD.exec(bytes.toString('latin1', 0, end)) ?? [];
  if (found === undefined || tenant === undefined || run_id === undefined) return undefined;
  const numbers = { bytes: Number(size), first: Number(first), count: Number(count) };
  return { head: { kind: kind as FrameKind, tenant, run_id, ...numbers }, length: end + 1 };
}

/** Whether a frame is as it was written. */
export function isWhole(head: Buffer, payload: Buffer): boolean {
  const check = Number.parseInt(head.toString('latin1', 1, CHECK_END), 16);
  return payload.at(-1) === LINE_FEED && crc32(payload, crc32(head.subarray(CHECK_END))) === check;
}
