// Collects the bytes of a rewritten section in memory that doubles, so that their number costs no more than they do.

export type Writer = {
  byte(value: number): void;
  /** A whole number of at most 53 bits that is not negative. */
  unsigned(value: number): void;
  /** The same as a signed number, as constants are written. */
  signed(value: number): void;
  copy(source: Uint8Array, from: number, to: number): void;
  /** What was written, without a copy. */
  written(): Uint8Array;
};

/** Shorter pieces are copied byte by byte: a call of the engine costs more. */
const SHORT = 24;

export function createWriter(expected: number): Writer {
  let bytes = new Uint8Array(Math.max(64, expected));
  let at = 0;
  const reserve = (count: number) => {
    if (at + count <= bytes.length) return;
    const larger = new Uint8Array(Math.max(bytes.length * 2, at + count));
    larger.set(bytes.subarray(0, at));
    bytes = larger;
  };
  const number = (value: number, most: number) => {
    reserve(10);
    let rest = value;
    while (rest > most) {
      bytes[at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    bytes[at++] = rest;
  };
  return {
    byte(value) {
      reserve(1);
      bytes[at++] = value;
    },
    unsigned: (value) => number(value, 0x7f),
    signed: (value) => number(value, 0x3f),
    copy(source, from, to) {
      const count = to - from;
      reserve(count);
      if (count > SHORT) bytes.set(source.subarray(from, to), at);
      else for (let index = 0; index < count; index++) bytes[at + index] = source[from + index] as number;
      at += count;
    },
    written: () => bytes.subarray(0, at),
  };
}

/** How many bytes {@link Writer.unsigned} writes. */
export function sizeOfUnsigned(value: number): number {
  return sizeOf(value, 0x7f);
}

/** How many bytes {@link Writer.signed} writes. */
export function sizeOfSigned(value: number): number {
  return sizeOf(value, 0x3f);
}

function sizeOf(value: number, most: number): number {
  let size = 1;
  for (let rest = value; rest > most; size++) rest = Math.floor(rest / 0x80);
  return size;
}
