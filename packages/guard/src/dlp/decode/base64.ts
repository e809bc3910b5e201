// Base64, standard or for URLs, at any of the four alignments, with or without line breaks and padding.
import type { Range } from '../recognisers/recogniser.ts';
import { toLayer } from './bytes.ts';
import type { Layer } from './layer.ts';
import { ReadableCheck } from './readable.ts';

/** What runs of base64 begin with: so many characters of its two alphabets. */
export const BASE64_TRIGGER = '[A-Za-z0-9+/_-]{14}';
/** A line break inside a run is skipped behind so many characters. */
const SHORTEST_LINE = 32;

const VALUES = new Int8Array(128).fill(-1);
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  VALUES[character.charCodeAt(0)] = value;
}
VALUES[45] = 62;
VALUES[95] = 63;

const check = new ReadableCheck();

/** What the run decodes to as if its first `offset` characters were something else. Nothing, when that is no text. */
export function decodeBase64(text: string, run: Range, offset: number): Layer | undefined {
  if (run.end - run.start < SHORTEST_LINE && !couldBeText(text, run.start + offset, run.end)) return undefined;
  if (!isReadable(text, run, offset)) return undefined;
  const most = run.end - run.start;
  const bytes = new Uint8Array(most);
  const starts = new Int32Array(most);
  const ends = new Int32Array(most);
  let length = 0;
  let skipped = 0;
  let bits = 0;
  let pending = 0;
  let first = run.start;
  for (let at = run.start; at < run.end; at++) {
    const value = valueAt(text, at);
    if (value < 0 || skipped++ < offset) continue;
    if (pending === 0) first = at;
    bits = ((bits << 6) | value) & 0xffff;
    pending += 6;
    if (pending < 8) continue;
    pending -= 8;
    bytes[length] = (bits >> pending) & 0xff;
    starts[length] = first;
    ends[length++] = at + 1;
    first = at;
  }
  const sources = { starts: starts.subarray(0, length), ends: ends.subarray(0, length) };
  return toLayer(bytes.subarray(0, length), sources, 'base64');
}

/** Where the run that begins at `start` ends. */
export function endOfBase64(text: string, start: number): number {
  let at = start;
  let line = start;
  for (;;) {
    if (valueAt(text, at) >= 0) {
      at++;
      continue;
    }
    const next = at + (text[at] === '\r' ? 1 : 0) + 1;
    const isWrapped = text[next - 1] === '\n' && at - line >= SHORTEST_LINE && valueAt(text, next) >= 0;
    if (!isWrapped) return at;
    at = next;
    line = next;
  }
}

/** What the first of four characters says about the byte that it begins: text, or the begin of any UTF-8. */
const IN_TEXT = 1;
const BEGINS_TEXT = 2;
const KINDS = new Uint8Array(128);
for (const [code, value] of VALUES.entries()) {
  const isAscii = value === 0 || value === 2 || value === 3 || (value >= 8 && value < 32);
  if (isAscii) KINDS[code] = IN_TEXT | BEGINS_TEXT;
  else if (value >= 48 && value < 62) KINDS[code] = BEGINS_TEXT;
}

/**
 * Whether a run without line breaks could decode to text, by each fourth of its characters: text begins with one that
 * may begin text, or has six readable bytes in a row, of which two are first ones.
 */
function couldBeText(text: string, from: number, end: number): boolean {
  if ((kindAt(text, from) & BEGINS_TEXT) !== 0) return true;
  let before = 0;
  for (let at = from + 4; at < end; at += 4) {
    const kind = kindAt(text, at) & IN_TEXT;
    if ((kind & before) !== 0) return true;
    before = kind;
  }
  return false;
}

function kindAt(text: string, at: number): number {
  return KINDS[text.charCodeAt(at)] ?? 0;
}

/** Whether the bytes could be text. Reads on only as long as they still can: most runs are words and paths. */
function isReadable(text: string, { start, end }: Range, offset: number): boolean {
  let skipped = 0;
  let bits = 0;
  let pending = 0;
  check.begin();
  for (let at = start; at < end; at++) {
    const value = valueAt(text, at);
    if (value < 0 || skipped++ < offset) continue;
    bits = ((bits << 6) | value) & 0xffff;
    pending += 6;
    if (pending < 8) continue;
    pending -= 8;
    if (check.add((bits >> pending) & 0xff)) return true;
    if (!check.canBecome(end - at)) return false;
  }
  return check.isUtf8;
}

function valueAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (VALUES[code] as number) : -1;
}
