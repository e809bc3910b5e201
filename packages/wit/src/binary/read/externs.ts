// Names and descriptions of what is imported and exported, in all the forms that files have.

import { BinaryError, hex } from '../errors.ts';
import type { Description, ExternName, Sort, SortIndex } from './declarations.ts';
import { type Reader, readByte, readCount, readText, readU32 } from './reader.ts';

const SORTS: readonly (Sort | undefined)[] = ['core', 'function', 'value', 'type', 'component', 'instance'];
const CORE_MODULE = 0x11;

/** A sort; of the core ones only modules are told apart. */
export const readSort = (reader: Reader): Sort => {
  const at = reader.at;
  const byte = readByte(reader, 'a sort');
  const sort = SORTS[byte];
  if (sort === undefined) throw new BinaryError(`Expected a sort, found ${hex(byte)}`, at);
  if (sort !== 'core') return sort;
  return readByte(reader, 'a core sort') === CORE_MODULE ? 'core-module' : 'core';
};

/** A sort and an index. */
export const readSortIndex = (reader: Reader): SortIndex => ({
  sort: readSort(reader),
  index: readU32(reader, 'an index'),
});

/**
 * The name of an import or export. `0x00` is a plain name; `0x01` marked names with a slash in files of 2023; `0x02` has
 * options behind the name.
 */
export const readExternName = (reader: Reader): ExternName => {
  const at = reader.at;
  const form = readByte(reader, 'the form of a name');
  if (form > 2) throw new BinaryError(`Expected the form of a name, found ${hex(form)}`, at);
  const text = readText(reader);
  const marked = /^\[implements=<([^>]*)>\](.*)$/s.exec(text);
  const name: { -readonly [K in keyof ExternName]: ExternName[K] } = { name: text };
  if (marked?.[1] !== undefined) name.implements = marked[1];
  const options = form === 2 ? readCount(reader, 'options of a name') : 0;
  for (let option = 0; option < options; option += 1) {
    const place = reader.at;
    const tag = readByte(reader, 'an option of a name');
    const value = readText(reader, 'an option of a name');
    if (tag === 0) name.implements = value;
    else if (tag === 1) name.versionSuffix = value;
    // 2 is an id of another system: nothing that a WIT type depends on.
    else if (tag !== 2) throw new BinaryError(`Expected an option of a name, found ${hex(tag)}`, place);
  }
  return name;
};

/** What an import or export is said to be. */
export const readDescription = (reader: Reader): Description => {
  const at = reader.at;
  const byte = readByte(reader, 'what is imported or exported');
  if (byte === 0) {
    if (readByte(reader) !== CORE_MODULE) throw new BinaryError('Expected a core module', at);
    readU32(reader, 'a type index');
    return { sort: 'core-module' };
  }
  if (byte === 1) return { sort: 'function', type: readU32(reader, 'a type index') };
  if (byte === 3) return { sort: 'type', equals: readBound(reader) };
  if (byte === 4) return { sort: 'component', type: readU32(reader, 'a type index') };
  if (byte === 5) return { sort: 'instance', type: readU32(reader, 'a type index') };
  throw new BinaryError(`Expected a function, a type, an instance or a component, found ${hex(byte)}`, at);
};

const readBound = (reader: Reader): number | null => {
  const at = reader.at;
  const byte = readByte(reader, 'the bound of a type');
  if (byte === 0) return readU32(reader, 'a type index');
  if (byte === 1) return null;
  throw new BinaryError(`Expected the bound of a type, found ${hex(byte)}`, at);
};
