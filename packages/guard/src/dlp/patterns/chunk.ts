// A text as bytes, chunk by chunk: a loop over bytes is several times faster than one over the characters of a text.
import { BEYOND } from './char-set.ts';

/** So many characters are read at once: few enough that they stay in the nearest cache. */
export const CHUNK = 8192;
/** Below this, reading characters one by one is faster than asking for all of them. */
const SHORT = 96;
/** One UTF-16 code unit takes at most three bytes of UTF-8. */
const MOST_BYTES = 3 * CHUNK;

/** The symbols of the chunk that was read last, one a byte: written over by each, for one text is read at a time. */
export const bytes = new Uint8Array(MOST_BYTES);

const encoder = new TextEncoder();

/** Reads the symbols of a part of a text, at most {@link CHUNK} characters, into {@link bytes}; whether all are ASCII. */
export function readChunk(text: string, from: number, to: number): boolean {
  const length = to - from;
  if (length >= SHORT) {
    const { written } = encoder.encodeInto(length === text.length ? text : text.slice(from, to), bytes);
    if (written === length) return true;
  }
  let all = 0;
  for (let n = 0; n < length; n++) {
    const code = text.charCodeAt(from + n);
    bytes[n] = code < BEYOND ? code : BEYOND;
    all |= code;
  }
  return all < BEYOND;
}
