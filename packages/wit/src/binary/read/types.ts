// A type as declared, with the declarations inside instance types and component types.

import { BinaryError, hex } from '../errors.ts';
import { MAX_DEPTH } from '../limits.ts';
import { skipCoreType } from './core-types.ts';
import type { Declaration, TypeSyntax } from './declarations.ts';
import { readDescription, readExternName, readSort } from './externs.ts';
import { type Reader, readByte, readList, readText, readU32 } from './reader.ts';
import { readPlainType } from './values.ts';

/** One type. */
export const readType = (reader: Reader, depth = 0): TypeSyntax => {
  const at = reader.at;
  if (depth > MAX_DEPTH) throw new BinaryError(`Expected types nested at most ${MAX_DEPTH} deep`, at);
  const opcode = readByte(reader, 'a type');
  if (opcode === 0x41 || opcode === 0x42) {
    const form = opcode === 0x41 ? 'component' : 'instance';
    const read = readList(reader, 'declarations', (from) => readDeclaration(from, form, depth + 1));
    return { form, body: read.filter((declaration) => declaration !== undefined) };
  }
  const type = readPlainType(reader, opcode, at);
  if (type === undefined) throw new BinaryError(`Expected a type, found ${hex(opcode)}`, at);
  return type;
};

/** Undefined for what no WIT type can depend on. */
const readDeclaration = (reader: Reader, inside: 'component' | 'instance', depth: number): Declaration | undefined => {
  const at = reader.at;
  const kind = readByte(reader, 'a declaration');
  if (kind === 0) {
    skipCoreType(reader, depth);
    return undefined;
  }
  if (kind === 1) return { op: 'type', at, type: readType(reader, depth) };
  if (kind === 2) return readAlias(reader);
  if (kind === 4 || (kind === 3 && inside === 'component')) {
    const name = readExternName(reader);
    const is = readDescription(reader);
    return kind === 3 ? { op: 'import', at, name, is } : { op: 'export-type', at, name, is };
  }
  throw new BinaryError(`Expected a declaration of an ${inside} type, found ${hex(kind)}`, at);
};

/** An alias; undefined for one of a core item. */
export const readAlias = (reader: Reader): Declaration | undefined => {
  const at = reader.at;
  const sort = readSort(reader);
  const target = readByte(reader, 'what an alias stands for');
  if (target === 0) {
    const instance = readU32(reader, 'an instance index');
    return { op: 'alias-export', at, sort, instance, name: readText(reader) };
  }
  if (target === 1) {
    readU32(reader, 'a core instance index');
    readText(reader);
    return undefined;
  }
  if (target === 2) {
    const levels = readU32(reader, 'how far out an alias reaches');
    return { op: 'alias-outer', at, sort, levels, index: readU32(reader, 'an index') };
  }
  throw new BinaryError(`Expected what an alias stands for, found ${hex(target)}`, at);
};
