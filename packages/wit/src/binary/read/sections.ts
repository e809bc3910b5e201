// The outermost layer of a WebAssembly file: its first eight bytes, and the sections after them.

import { BinaryError, hex } from '../errors.ts';
import { createReader, peekByte, type Reader, readByte, readText, readU32 } from './reader.ts';

/** A section by its id; its content lies between two offsets. */
export type Section = { readonly id: number; readonly at: number; readonly start: number; readonly end: number };

/** What the first eight bytes say that a file is. */
type Layer = 'component' | 'core-module';

const PREAMBLE = 8;
const MAGIC = [0x00, 0x61, 0x73, 0x6d];
/** The version and the layer; components are at 0x0d until the format is final. */
const LAYERS: readonly (readonly [Layer, readonly number[]])[] = [
  ['core-module', [0x01, 0x00, 0x00, 0x00]],
  ['component', [0x0d, 0x00, 0x01, 0x00]],
];

/** What the first eight bytes say; undefined if they are not those of WebAssembly, or of a version not known here. */
export const layerOf = (bytes: Uint8Array, start = 0, end = bytes.length): Layer | undefined => {
  const holds = (at: number, expected: readonly number[]): boolean =>
    expected.every((byte, place) => bytes[start + at + place] === byte);
  if (end - start < PREAMBLE || !holds(0, MAGIC)) return undefined;
  return LAYERS.find(([, expected]) => holds(MAGIC.length, expected))?.[0];
};

/** A reader after the first eight bytes, which must be those of the layer. */
export const openLayer = (bytes: Uint8Array, layer: Layer, start = 0, end = bytes.length): Reader => {
  const found = layerOf(bytes, start, end);
  if (found !== layer) {
    const named = layer === 'component' ? 'a component' : 'a core module';
    const instead = found === undefined ? 'something else' : `a ${found.replace('-', ' ')}`;
    throw new BinaryError(`Expected ${named} of WebAssembly, found ${instead}`, start);
  }
  return createReader(bytes, start + PREAMBLE, end);
};

/** The next section, with the reader moved behind it; undefined at the end. */
export const nextSection = (reader: Reader): Section | undefined => {
  if (peekByte(reader) === undefined) return undefined;
  const at = reader.at;
  const id = readByte(reader);
  const size = readU32(reader, 'the size of a section');
  if (size > reader.end - reader.at) {
    throw new BinaryError(
      `Expected a section ${hex(id)} of ${size} bytes, found ${reader.end - reader.at} bytes left`,
      at,
    );
  }
  const start = reader.at;
  reader.at += size;
  return { id, at, start, end: reader.at };
};

/** A custom section: its name, and where its data is. */
export type CustomSection = { readonly name: string; readonly start: number; readonly end: number };

/** The custom sections of the layer that begins at `start`; those of nested modules and components are not seen. */
export const customSections = (
  bytes: Uint8Array,
  layer: Layer,
  start = 0,
  end: number = bytes.length,
): CustomSection[] => {
  const reader = openLayer(bytes, layer, start, end);
  const found: CustomSection[] = [];
  for (let section = nextSection(reader); section !== undefined; section = nextSection(reader)) {
    if (section.id !== 0) continue;
    const content = createReader(bytes, section.start, section.end);
    const name = readText(content, 'the name of a custom section');
    found.push({ name, start: content.at, end: section.end });
  }
  return found;
};
