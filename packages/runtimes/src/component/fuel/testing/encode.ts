// Encodes small core modules by hand, also such as no tool would write.

export type Bytes = readonly number[];

/** The contents of a module's sections, by their ids; they are written in the order in which they are given. */
export type Sections = readonly (readonly [id: number, content: Bytes])[];

export const TYPES = 1;
export const IMPORTS = 2;
export const FUNCTIONS = 3;
export const TABLES = 4;
export const MEMORIES = 5;
export const TAGS = 13;
export const GLOBALS = 6;
export const EXPORTS = 7;
export const START = 8;
export const ELEMENTS = 9;
export const DATA_COUNT = 12;
export const CODE = 10;
export const DATA = 11;
export const CUSTOM = 0;

export function encodeModule(sections: Sections): Uint8Array<ArrayBuffer> {
  const bytes = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
  for (const [id, content] of sections) {
    bytes.push(id, ...unsigned(content.length));
    for (const byte of content) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

export function vector(items: readonly Bytes[]): Bytes {
  return [...unsigned(items.length), ...items.flat()];
}

/** A function's entry in the section of code: groups of locals, and instructions with their end. */
export function body(locals: readonly Bytes[], code: Bytes): Bytes {
  const content = [...vector(locals), ...code, 0x0b];
  return [...unsigned(content.length), ...content];
}

export function exported(name: string, kind: number, index: number): Bytes {
  return [...text(name), kind, ...unsigned(index)];
}

export function text(value: string): Bytes {
  const bytes = new TextEncoder().encode(value);
  return [...unsigned(bytes.length), ...bytes];
}

export function unsigned(value: number): Bytes {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

export function signed(value: bigint): Bytes {
  const bytes: number[] = [];
  let rest = value;
  for (; rest < -64n || rest > 63n; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return [...bytes, Number(rest & 0x7fn)];
}
