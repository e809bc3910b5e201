// Core types inside the declarations of a component: read over, since no WIT type depends on them, but understood far
// enough to find where they end.

import { BinaryError, hex } from '../errors.ts';
import { MAX_DEPTH } from '../limits.ts';
import { peekByte, type Reader, readByte, readList, readText, readU32 } from './reader.ts';

/** Moves behind one core type: a function type, a struct, an array, a group of them, or a module type. */
export const skipCoreType = (reader: Reader, depth: number): void => {
  const at = reader.at;
  if (depth > MAX_DEPTH) throw new BinaryError(`Expected types nested at most ${MAX_DEPTH} deep`, at);
  const opcode = readByte(reader, 'a core type');
  // Where a component declares core types, 0x50 is a module type and a 0x00 in front makes it an open subtype.
  if (opcode === 0x50) {
    readList(reader, 'declarations of a module type', (from) => skipModuleDeclaration(from, depth + 1));
  } else if (opcode === 0x4e) {
    readList(reader, 'types of a group', skipSubtype);
  } else {
    if (opcode !== 0) reader.at = at;
    skipSubtype(reader);
  }
};

const skipSubtype = (reader: Reader): void => {
  const next = peekByte(reader);
  if (next === 0x50 || next === 0x4f) {
    reader.at += 1;
    readList(reader, 'supertypes', (from) => readU32(from));
  }
  const at = reader.at;
  const opcode = readByte(reader, 'a core type');
  if (opcode === 0x60) {
    readList(reader, 'parameters', skipValueType);
    readList(reader, 'results', skipValueType);
  } else if (opcode === 0x5f) {
    readList(reader, 'fields', skipField);
  } else if (opcode === 0x5e) {
    skipField(reader);
  } else {
    throw new BinaryError(`Expected a core function, struct or array type, found ${hex(opcode)}`, at);
  }
};

const skipField = (reader: Reader): void => {
  const packed = peekByte(reader);
  if (packed === 0x78 || packed === 0x77) reader.at += 1;
  else skipValueType(reader);
  readByte(reader, 'whether a field may change');
};

const skipValueType = (reader: Reader): void => {
  const opcode = readByte(reader, 'a core value type');
  if (opcode === 0x63 || opcode === 0x64) skipHeapType(reader);
};

/** A heap type: an index or an opcode of one byte. */
const skipHeapType = (reader: Reader): void => {
  while (readByte(reader, 'a heap type') >= 0x80);
};

const skipModuleDeclaration = (reader: Reader, depth: number): void => {
  const at = reader.at;
  const kind = readByte(reader, 'a declaration of a module type');
  if (kind === 0) {
    readText(reader);
    readText(reader);
    skipImport(reader);
  } else if (kind === 1) {
    skipCoreType(reader, depth);
  } else if (kind === 2) {
    readByte(reader);
    readByte(reader);
    readU32(reader);
    readU32(reader);
  } else if (kind === 3) {
    readText(reader);
    skipImport(reader);
  } else {
    throw new BinaryError(`Expected a declaration of a module type, found ${hex(kind)}`, at);
  }
};

const skipImport = (reader: Reader): void => {
  const at = reader.at;
  const kind = readByte(reader, 'a core import');
  if (kind === 0) readU32(reader);
  else if (kind === 1) {
    skipValueType(reader);
    skipSizes(reader);
  } else if (kind === 2) skipSizes(reader);
  else if (kind === 3) skipField(reader);
  else if (kind === 4) {
    readByte(reader);
    readU32(reader);
  } else throw new BinaryError(`Expected a core import, found ${hex(kind)}`, at);
};

/** The limits of a memory or table: a least size, perhaps a largest, perhaps the size of a page. */
const skipSizes = (reader: Reader): void => {
  const flags = readByte(reader, 'the limits of a memory or table');
  const numbers = 1 + (flags & 1) + ((flags >> 3) & 1);
  for (let number = 0; number < numbers; number += 1) skipHeapType(reader);
};
