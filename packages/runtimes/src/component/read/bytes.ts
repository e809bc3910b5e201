// Reads the few encodings that sections of WebAssembly are made of.

export type ByteReader = {
  at: number;
  byte(): number;
  /** Up to 2^53, which no count and no memory reaches. */
  leb(): number;
  /** UTF-8 behind its length. */
  text(): string;
};

export type Section = { readonly id: number; readonly from: number; readonly start: number; readonly end: number };

/** `cut` throws: the bytes end, or say something that cannot be, where more was expected. */
export function createReader(bytes: Uint8Array, cut: () => never): ByteReader {
  return {
    at: 0,
    byte() {
      return bytes[this.at++] ?? cut();
    },
    leb() {
      let value = 0;
      for (let scale = 1; ; scale *= 128) {
        const byte = this.byte();
        value += (byte & 0x7f) * scale;
        if (value > Number.MAX_SAFE_INTEGER) return cut();
        if (byte < 0x80) return value;
        if (scale > 2 ** 56) return cut();
      }
    },
    text() {
      const length = this.leb();
      if (this.at + length > bytes.length) return cut();
      this.at += length;
      return DECODER.decode(bytes.subarray(this.at - length, this.at));
    },
  };
}

/** The sections of a module or a component; both begin with eight bytes of their own. */
export function readSections(bytes: Uint8Array, cut: () => never): Section[] {
  const sections: Section[] = [];
  const reader = createReader(bytes, cut);
  reader.at = 8;
  while (reader.at < bytes.length) {
    const from = reader.at;
    const id = reader.byte();
    const size = reader.leb();
    const start = reader.at;
    if (start + size > bytes.length) cut();
    reader.at = start + size;
    sections.push({ id, from, start, end: reader.at });
  }
  return sections;
}

const DECODER = new TextDecoder();

/** One after another. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
