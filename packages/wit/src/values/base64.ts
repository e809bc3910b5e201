// Base64 (RFC 4648 §4) both ways, strictly: exactly one text for each sequence of bytes.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const PAD = 61;
const NONE = 255;
const codes = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const values = new Uint8Array(256).fill(NONE);
for (const [index, code] of codes.entries()) values[code] = index;
const encoder = new TextEncoder();
const decoder = new TextDecoder('latin1');

/** The base64 text of bytes. */
export function encodeBase64(bytes: Uint8Array): string {
  const out = new Uint8Array(base64Length(bytes.length));
  const whole = bytes.length - (bytes.length % 3);
  let to = 0;
  for (let from = 0; from < whole; from += 3) {
    const word = ((bytes[from] as number) << 16) | ((bytes[from + 1] as number) << 8) | (bytes[from + 2] as number);
    out[to++] = codes[word >> 18] as number;
    out[to++] = codes[(word >> 12) & 63] as number;
    out[to++] = codes[(word >> 6) & 63] as number;
    out[to++] = codes[word & 63] as number;
  }
  if (whole < bytes.length) {
    const word = ((bytes[whole] as number) << 16) | ((bytes[whole + 1] ?? 0) << 8);
    out[to++] = codes[word >> 18] as number;
    out[to++] = codes[(word >> 12) & 63] as number;
    out[to++] = whole + 1 < bytes.length ? (codes[(word >> 6) & 63] as number) : PAD;
    out[to++] = PAD;
  }
  return decoder.decode(out);
}

/** How long the base64 text of that many bytes is. */
export function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}

/** The bytes of a base64 text; undefined for a text that {@link encodeBase64} does not give. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const { length } = text;
  if (length % 4 !== 0) return undefined;
  if (length === 0) return new Uint8Array(0);
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const input = encoder.encode(text);
  // Other than ASCII takes more bytes than characters.
  if (input.length !== length) return undefined;
  const out = new Uint8Array((length / 4) * 3 - padding);
  const whole = padding === 0 ? length : length - 4;
  let to = 0;
  // The invalid value has bits that no valid one has.
  let seen = 0;
  for (let from = 0; from < whole; from += 4) {
    const a = values[input[from] as number] as number;
    const b = values[input[from + 1] as number] as number;
    const c = values[input[from + 2] as number] as number;
    const d = values[input[from + 3] as number] as number;
    seen |= a | b | c | d;
    out[to++] = (a << 2) | (b >> 4);
    out[to++] = (b << 4) | (c >> 2);
    out[to++] = (c << 6) | d;
  }
  if (padding > 0) {
    const a = values[input[whole] as number] as number;
    const b = values[input[whole + 1] as number] as number;
    const c = padding === 1 ? (values[input[whole + 2] as number] as number) : 0;
    seen |= a | b | c;
    // Bits that belong to no byte are zero.
    if (padding === 2 ? (b & 15) !== 0 : (c & 3) !== 0) return undefined;
    out[to++] = (a << 2) | (b >> 4);
    if (padding === 1) out[to++] = (b << 4) | (c >> 2);
  }
  return seen > 63 ? undefined : out;
}
