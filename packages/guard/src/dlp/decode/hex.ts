// Bytes in hexadecimal, in one run or in pairs with a separator between them.
import { toLayer } from './bytes.ts';
import type { Layer } from './layer.ts';
import { ReadableCheck } from './readable.ts';

/** What runs of hexadecimal digits begin with. */
export const HEX_TRIGGER = '[0-9A-Fa-f]{14}';
/** What separated pairs begin with. */
export const HEX_PAIRS_TRIGGER = '(?:[0-9A-Fa-f]{2}[ :,-]){6}[0-9A-Fa-f]{2}';

/** The decoded run that begins at `start`, at both alignments, and where it ends. */
export function decodeHex(text: string, start: number): { readonly layers: readonly Layer[]; readonly end: number } {
  let end = start;
  while (hexValue(text, end) >= 0) end++;
  const layers = [0, 1].flatMap((offset) => decodePairs(text, start + offset, end, 2) ?? []);
  return { layers, end };
}

/** The same for pairs, of which each is followed by the separator that follows the first. */
export function decodeHexPairs(
  text: string,
  start: number,
): { readonly layers: readonly Layer[]; readonly end: number } {
  const separator = text[start + 2];
  let end = start + 2;
  while (text[end] === separator && hexValue(text, end + 1) >= 0 && hexValue(text, end + 2) >= 0) end += 3;
  const layer = decodePairs(text, start, end, 3);
  return { layers: layer === undefined ? [] : [layer], end };
}

/** The value of a hexadecimal digit, -1 for any other character. */
export function hexValue(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 && code < 128 ? letter - 87 : -1;
}

const check = new ReadableCheck();

function decodePairs(text: string, start: number, end: number, stride: number): Layer | undefined {
  const size = Math.floor((end - start + stride - 2) / stride);
  if (size <= 0 || !isReadable(text, start, size, stride)) return undefined;
  const bytes = new Uint8Array(size);
  const starts = new Int32Array(size);
  const ends = new Int32Array(size);
  for (let n = 0; n < size; n++) {
    const at = start + n * stride;
    bytes[n] = hexValue(text, at) * 16 + hexValue(text, at + 1);
    starts[n] = at;
    ends[n] = at + 2;
  }
  return toLayer(bytes, { starts, ends }, 'hex');
}

function isReadable(text: string, start: number, size: number, stride: number): boolean {
  check.begin();
  for (let n = 0; n < size; n++) {
    const at = start + n * stride;
    if (check.add(hexValue(text, at) * 16 + hexValue(text, at + 1))) return true;
  }
  return check.isUtf8;
}
