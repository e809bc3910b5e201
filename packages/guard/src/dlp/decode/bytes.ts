// Decoded bytes as text: UTF-8 where they are that, else one character for each byte.
import { type Encoding, type Layer, textOf } from './layer.ts';

/** So many readable characters in a row, and bytes are worth a look. */
const READABLE = 6;

/** Bytes, with the place of each in the source (and of the end). Nothing, when they are no text that could hold anything. */
export function toLayer(bytes: Uint8Array, sources: Int32Array, encoding: Encoding, spill: 0 | 1): Layer | undefined {
  if (!isReadable(bytes)) return undefined;
  const units = new Uint16Array(bytes.length);
  const starts = new Int32Array(bytes.length + 1);
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    const { code, size } = characterAt(bytes, at);
    starts[length] = sources[at] as number;
    if (code > 0xffff) {
      units[length++] = 0xd800 + ((code - 0x1_0000) >> 10);
      starts[length] = sources[at] as number;
      units[length++] = 0xdc00 + ((code - 0x1_0000) & 0x3ff);
    } else units[length++] = code;
    at += size;
  }
  starts[length] = sources[bytes.length] as number;
  const encodings: readonly Encoding[] = [encoding];
  return {
    text: textOf(units.subarray(0, length)),
    starts: starts.subarray(0, length + 1),
    spill,
    encodings: () => encodings,
  };
}

/** One UTF-8 character, or the byte itself where there is none. */
export function characterAt(bytes: ArrayLike<number>, at: number): { readonly code: number; readonly size: number } {
  const first = bytes[at] as number;
  const size = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 1;
  if (size === 1) return { code: first, size: 1 };
  let code = first & (0x7f >> size);
  for (let more = 1; more < size; more++) {
    const byte = bytes[at + more];
    if (byte === undefined || (byte & 0xc0) !== 0x80) return { code: first, size: 1 };
    code = (code << 6) | (byte & 0x3f);
  }
  return code > 0x10_ffff ? { code: first, size: 1 } : { code, size };
}

/** Some ASCII in a row (zero bytes, as in UTF-16, do not end it), or UTF-8 throughout. */
function isReadable(bytes: Uint8Array): boolean {
  let row = 0;
  let isUtf8 = true;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number;
    if (byte === 0) continue;
    if ((byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13)) {
      if (++row >= READABLE) return true;
      continue;
    }
    row = 0;
    if (byte < 32 || !isUtf8) continue;
    const { size } = characterAt(bytes, at);
    if (size === 1) isUtf8 = false;
    else at += size - 1;
  }
  return isUtf8;
}
