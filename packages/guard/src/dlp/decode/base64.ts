// Base64, standard or for URLs, at any of the four alignments, with or without line breaks and padding.
import { toLayer } from './bytes.ts';
import type { Layer } from './layer.ts';

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

/** A run of base64 characters: their values and places. */
export type Base64Run = { readonly values: Uint8Array; readonly places: Int32Array; readonly end: number };

/** Reads the run that begins at `start`. */
export function readBase64(text: string, start: number): Base64Run {
  const end = endOfRun(text, start);
  const values = new Uint8Array(end - start);
  const places = new Int32Array(end - start + 1);
  let length = 0;
  for (let at = start; at < end; at++) {
    const value = valueAt(text, at);
    if (value < 0) continue;
    values[length] = value;
    places[length++] = at;
  }
  places[length] = end;
  return { values: values.subarray(0, length), places: places.subarray(0, length + 1), end };
}

/** Decodes a run as if its first `offset` characters were something else. */
export function decodeBase64({ values, places }: Base64Run, offset: number): Layer | undefined {
  const size = Math.floor(((values.length - offset) * 6) / 8);
  if (size <= 0) return undefined;
  const bytes = new Uint8Array(size);
  const sources = new Int32Array(size + 1);
  for (let n = 0; n < size; n++) {
    const bit = n * 8;
    const at = offset + Math.floor(bit / 6);
    const pair = ((values[at] as number) << 6) | (values[at + 1] ?? 0);
    bytes[n] = (pair >> (4 - (bit % 6))) & 0xff;
    sources[n] = places[at] as number;
  }
  sources[size] = places[values.length] as number;
  return toLayer(bytes, sources, 'base64', 1);
}

function endOfRun(text: string, start: number): number {
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

function valueAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (VALUES[code] as number) : -1;
}
