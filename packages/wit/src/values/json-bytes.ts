// Counts the bytes of JSON text without writing it: what budgets count (RFC 8785 and JSON.stringify agree on it).

const encoder = new TextEncoder();
const SHORT = 48;
const CHUNK = 16_384;
// Three bytes for each unit, in words, so that four bytes are looked at at once.
const words = new Uint32Array((CHUNK * 3) / 4);
const scratch = new Uint8Array(words.buffer);

/** The bytes of a text as a JSON string, with its quotes. The text has no lone surrogates. */
export function textBytes(text: string): number {
  if (text.length <= SHORT) return shortBytes(text);
  let bytes = 2;
  for (let at = 0; at < text.length; ) {
    const { read, written } = encoder.encodeInto(at === 0 ? text : text.slice(at), scratch);
    bytes += written + escapes(written);
    at += read;
  }
  return bytes;
}

function shortBytes(text: string): number {
  let bytes = 2;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < 0x80) bytes += 1 + escapeBytes(unit);
    else if (unit < 0x800) bytes += 2;
    // Each half of a pair stands for two of its four bytes.
    else bytes += unit >= 0xd800 && unit <= 0xdfff ? 2 : 3;
  }
  return bytes;
}

/** What escaping adds to one byte. */
function escapeBytes(byte: number): number {
  if (byte === 0x22 || byte === 0x5c) return 1;
  if (byte >= 0x20) return 0;
  return byte === 8 || byte === 9 || byte === 10 || byte === 12 || byte === 13 ? 1 : 5;
}

/** What escaping adds to the first bytes of the scratch memory. */
function escapes(length: number): number {
  let bytes = 0;
  const whole = length >> 2;
  for (let index = 0; index < whole; index++) {
    const word = words[index] as number;
    const quotes = word ^ 0x22222222;
    const slashes = word ^ 0x5c5c5c5c;
    const hit = ((word - 0x20202020) & ~word) | ((quotes - 0x01010101) & ~quotes) | ((slashes - 0x01010101) & ~slashes);
    // A byte above 0x7f can look like a hit beside one: the bytes themselves decide.
    if ((hit & 0x80808080) !== 0) bytes += escapesIn(index * 4, index * 4 + 4);
  }
  return bytes + escapesIn(whole * 4, length);
}

function escapesIn(from: number, to: number): number {
  let bytes = 0;
  for (let index = from; index < to; index++) bytes += escapeBytes(scratch[index] as number);
  return bytes;
}

/** The bytes of an integer of up to 32 bits. */
export function integerBytes(value: number): number {
  if (value < 0) return 1 + integerBytes(-value);
  if (value < 10) return 1;
  if (value < 100) return 2;
  if (value < 1000) return 3;
  return String(value).length;
}
