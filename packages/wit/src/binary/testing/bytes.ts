// Binaries by hand, for tests of what no tool would write.

/** Bytes, nested as they are thought of. */
export type Bytes = number | string | readonly Bytes[];

/** All bytes in one row; text as UTF-8 with its length in front. */
export const flat = (bytes: Bytes): number[] => {
  if (typeof bytes === 'number') return [bytes];
  if (typeof bytes !== 'string') return bytes.flatMap(flat);
  const text = [...new TextEncoder().encode(bytes)];
  return [...u32(text.length), ...text];
};

/** A number as unsigned LEB128. */
export const u32 = (value: number): number[] =>
  value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...u32(Math.floor(value / 0x80))];

/** A type index where an opcode could stand: signed LEB128. */
export const typeIndex = (value: number): number[] =>
  value < 0x40 ? [value] : [(value % 0x80) + 0x80, ...typeIndex(Math.floor(value / 0x80))];

/** A list with its count in front. */
export const list = (items: readonly Bytes[]): Bytes => [u32(items.length), ...items];

/** A section. */
export const section = (id: number, content: Bytes): Bytes => {
  const bytes = flat(content);
  return [id, u32(bytes.length), bytes];
};

/** A component of sections. */
export const component = (...sections: readonly Bytes[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(flat([0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00, ...sections]));

/** A core module of sections. */
export const coreModule = (...sections: readonly Bytes[]): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(flat([0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, ...sections]));
