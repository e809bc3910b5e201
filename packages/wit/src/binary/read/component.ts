// All sections of one component as one list of declarations, in their order. Core modules are skipped over, components
// inside are left as they are until something makes an instance of them.

import { BinaryError, hex, quoted } from '../errors.ts';
import type { Budget } from '../limits.ts';
import { readCanonical } from './canonical.ts';
import type { Declaration, SortIndex } from './declarations.ts';
import { readDescription, readExternName, readSortIndex } from './externs.ts';
import { createReader, type Reader, readByte, readList, readOptional, readText, readU32 } from './reader.ts';
import { nextSection, openLayer, type Section } from './sections.ts';
import { readAlias, readType } from './types.ts';

const COMPONENT = 4;
const LAST_SECTION = 12;

/** The declarations of the component between two offsets. */
export const readComponent = (
  bytes: Uint8Array,
  budget: Budget,
  start = 0,
  end: number = bytes.length,
): Declaration[] => {
  const reader = openLayer(bytes, 'component', start, end);
  const declarations: Declaration[] = [];
  for (let section = nextSection(reader); section !== undefined; section = nextSection(reader)) {
    for (const declaration of readSection(bytes, budget, section)) declarations.push(declaration);
  }
  return declarations;
};

const readSection = (bytes: Uint8Array, budget: Budget, { id, at, start, end }: Section): readonly Declaration[] => {
  if (id === COMPONENT) return [{ op: 'component', at, start, end }];
  if (id > LAST_SECTION) throw new BinaryError(`Expected a section of a component, found ${hex(id)}`, at);
  const readItem = ITEMS.get(id);
  if (readItem === undefined) return [];
  const reader = createReader(bytes, start, end, budget);
  const items = readList(reader, 'items of a section', readItem);
  if (reader.at !== end) throw new BinaryError(`Expected the end of a section ${hex(id)}`, reader.at);
  return items.filter((item) => item !== undefined);
};

const readInstance = (reader: Reader): Declaration => {
  const at = reader.at;
  const kind = readByte(reader, 'an instance');
  if (kind === 0) {
    const component = readU32(reader, 'a component index');
    return { op: 'instantiate', at, component, args: readItems(reader, (from) => readText(from)) };
  }
  if (kind === 1) return { op: 'bundle', at, exports: readItems(reader, (from) => readExternName(from).name) };
  throw new BinaryError(`Expected an instance, found ${hex(kind)}`, at);
};

const readItems = (reader: Reader, readName: (reader: Reader) => string): Map<string, SortIndex> => {
  const items = new Map<string, SortIndex>();
  readList(reader, 'names', (from) => {
    const at = from.at;
    const name = readName(from);
    if (items.has(name)) throw new BinaryError(`Expected each name once, found ${quoted(name)} twice`, at);
    items.set(name, readSortIndex(from));
  });
  return items;
};

/** How an item of each section is read; core sections, a start function and values are skipped as a whole. */
const ITEMS: ReadonlyMap<number, (reader: Reader) => Declaration | undefined> = new Map<
  number,
  (reader: Reader) => Declaration | undefined
>([
  [5, readInstance],
  [6, readAlias],
  [7, (reader) => ({ op: 'type', at: reader.at, type: readType(reader) })],
  [8, readCanonical],
  [
    10,
    (reader) => {
      const at = reader.at;
      const name = readExternName(reader);
      return { op: 'import', at, name, is: readDescription(reader) };
    },
  ],
  [
    11,
    (reader) => {
      const at = reader.at;
      const name = readExternName(reader);
      const item = readSortIndex(reader);
      return { op: 'export', at, name, item, is: readOptional(reader, readDescription) };
    },
  ],
]);
