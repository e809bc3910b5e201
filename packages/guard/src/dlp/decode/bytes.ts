// Decoded bytes as text: UTF-8 where they are that, else one character for each byte.
import { type Encoding, type Layer, textOf } from './layer.ts';

/** Where each byte came from: its first place in the source, and the place behind its last. */
export type ByteSources = { readonly starts: Int32Array; readonly ends: Int32Array };

/** Bytes as a layer over the text that they were decoded from. */
export function toLayer(bytes: Uint8Array, sources: ByteSources, encoding: Encoding): Layer {
  const units = new Uint16Array(bytes.length);
  const starts = new Int32Array(bytes.length);
  const ends = new Int32Array(bytes.length);
  let length = 0;
  const add = (unit: number, at: number, size: number) => {
    units[length] = unit;
    starts[length] = sources.starts[at] as number;
    ends[length++] = sources.ends[at + size - 1] as number;
  };
  for (let at = 0; at < bytes.length; ) {
    const size = sizeAt(bytes, at);
    const code = size === 1 ? (bytes[at] as number) : codeAt(bytes, at, size);
    if (code > 0xffff) {
      add(0xd800 + ((code - 0x1_0000) >> 10), at, size);
      add(0xdc00 + ((code - 0x1_0000) & 0x3ff), at, size);
    } else add(code, at, size);
    at += size;
  }
  const encodings: readonly Encoding[] = [encoding];
  return {
    text: textOf(units.subarray(0, length)),
    starts,
    ends,
    encodings: () => encodings,
  };
}

/** How many bytes the UTF-8 character at a place has; 1 where there is none. */
export function sizeAt(bytes: ArrayLike<number>, at: number): number {
  const first = bytes[at] as number;
  if (first < 0xc2 || first > 0xf4) return 1;
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (let more = 1; more < size; more++) if (((bytes[at + more] ?? 0) & 0xc0) !== 0x80) return 1;
  return codeAt(bytes, at, size) > 0x10_ffff ? 1 : size;
}

/** The code point of a UTF-8 character of so many bytes. */
export function codeAt(bytes: ArrayLike<number>, at: number, size: number): number {
  let code = (bytes[at] as number) & (size === 1 ? 0xff : 0x7f >> size);
  for (let more = 1; more < size; more++) code = (code << 6) | ((bytes[at + more] as number) & 0x3f);
  return code;
}
