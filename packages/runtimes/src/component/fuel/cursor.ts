// Reads WebAssembly bytes forward, without a copy and without a step beyond their end.

/** `refuse` throws the error of the whole module; `first` and `second` are what the last instruction names. */
export type Cursor = {
  readonly bytes: Uint8Array;
  at: number;
  end: number;
  first: number;
  second: number;
  readonly refuse: (problem: string) => never;
};

export function createCursor(bytes: Uint8Array, at: number, end: number, refuse: Cursor['refuse']): Cursor {
  return { bytes, at, end, first: 0, second: 0, refuse };
}

export function readByte(cursor: Cursor): number {
  if (cursor.at >= cursor.end) cut(cursor);
  return cursor.bytes[cursor.at++] as number;
}

/** An unsigned number of at most 32 bits: a count or an index. */
export function readIndex(cursor: Cursor): number {
  let value = readByte(cursor);
  if (value < 0x80) return value;
  value &= 0x7f;
  for (let scale = 0x80; ; scale *= 0x80) {
    const byte = readByte(cursor);
    value += (byte & 0x7f) * scale;
    if (value > 0xffff_ffff) cursor.refuse('counts beyond 32 bits');
    if (byte < 0x80) return value;
    if (scale > 0x1000_0000) cursor.refuse('writes a number longer than it may be');
  }
}

/** Steps over a number of at most 64 bits, signed or not: what it says is not needed. */
export function skipNumber(cursor: Cursor): void {
  for (let length = 1; readByte(cursor) >= 0x80; length++) {
    if (length === 10) cursor.refuse('writes a number longer than it may be');
  }
}

export function skipBytes(cursor: Cursor, count: number): void {
  if (count > cursor.end - cursor.at) cut(cursor);
  cursor.at += count;
}

/** UTF-8 behind its length. */
export function readText(cursor: Cursor): string {
  const length = readIndex(cursor);
  const from = cursor.at;
  skipBytes(cursor, length);
  return DECODER.decode(cursor.bytes.subarray(from, cursor.at));
}

export function cut(cursor: Cursor): never {
  return cursor.refuse('is cut off');
}

const DECODER = new TextDecoder();
