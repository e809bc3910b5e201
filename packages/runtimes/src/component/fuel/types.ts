// Reads the types of WebAssembly: of values, of functions and of what is collected, as far as their sizes matter.
import { type Cursor, cut, readByte, readIndex, skipBytes } from './cursor.ts';

/** How many parameters, results or fields a type has: what it costs to move them. */
export type TypeSizes = { readonly parameters: number; readonly size: number };

/** The section of types: one entry for each index. */
export function readTypes(cursor: Cursor): TypeSizes[] {
  const types: TypeSizes[] = [];
  for (let count = readIndex(cursor); count > 0; count--) {
    if (cursor.bytes[cursor.at] !== GROUP) {
      types.push(readSubtype(cursor));
      continue;
    }
    cursor.at++;
    for (let inner = readIndex(cursor); inner > 0; inner--) types.push(readSubtype(cursor));
  }
  return types;
}

/** The type of a value; engines read it in one byte, or behind one byte that says that a heap type follows. */
export function skipValueType(cursor: Cursor): void {
  const byte = readByte(cursor);
  if (byte === REF || byte === REF_NULL) skipHeapType(cursor);
  else if ((byte < V128 || byte > I32) && !isAbstract(byte)) cursor.refuse(`has a type ${hex(byte)}, which is unknown`);
}

/** A kind of reference, by its index or by one byte. */
export function skipHeapType(cursor: Cursor): void {
  const byte = cursor.bytes[cursor.at];
  if (byte === undefined) cut(cursor);
  if (isAbstract(byte)) cursor.at++;
  else skipTypeIndex(cursor);
}

/** The index of a type, or undefined where a block says the types themselves. */
export function readBlockType(cursor: Cursor): number | undefined {
  const byte = cursor.bytes[cursor.at];
  if (byte === undefined) cut(cursor);
  if (byte === EMPTY) {
    cursor.at++;
    return undefined;
  }
  if (byte < EMPTY || byte >= 0x80) return skipTypeIndex(cursor);
  skipValueType(cursor);
  return undefined;
}

export function hex(code: number): string {
  return `0x${code.toString(16).padStart(2, '0')}`;
}

const GROUP = 0x4e;
const OPEN = 0x50;
const FINAL = 0x4f;
const FUNCTION = 0x60;
const STRUCT = 0x5f;
const ARRAY = 0x5e;
const EMPTY = 0x40;
const I32 = 0x7f;
const V128 = 0x7b;
const I8 = 0x78;
const I16 = 0x77;
const REF = 0x64;
const REF_NULL = 0x63;
const NO_EXCEPTION = 0x74;
const EXCEPTION = 0x69;

const isAbstract = (byte: number) => byte >= EXCEPTION && byte <= NO_EXCEPTION;

/** As a signed number of 33 bits that is not negative: other than an unsigned one it never ends in 0x40 to 0x7f. */
function skipTypeIndex(cursor: Cursor): number {
  const from = cursor.at;
  const index = readIndex(cursor);
  if (((cursor.bytes[cursor.at - 1] as number) & 0x40) !== 0) {
    cursor.refuse(`has a type ${hex(cursor.bytes[from] as number)}, which is unknown`);
  }
  return index;
}

function readSubtype(cursor: Cursor): TypeSizes {
  const form = cursor.bytes[cursor.at];
  if (form === OPEN || form === FINAL) {
    cursor.at++;
    for (let count = readIndex(cursor); count > 0; count--) readIndex(cursor);
  }
  const kind = readByte(cursor);
  if (kind === FUNCTION) {
    const parameters = skipValueTypes(cursor);
    return { parameters, size: parameters + skipValueTypes(cursor) };
  }
  if (kind === STRUCT) {
    const size = readIndex(cursor);
    for (let count = size; count > 0; count--) skipField(cursor);
    return { parameters: 0, size };
  }
  if (kind !== ARRAY) return cursor.refuse(`defines a type ${hex(kind)}, which is unknown`);
  skipField(cursor);
  return { parameters: 0, size: 0 };
}

export function skipValueTypes(cursor: Cursor): number {
  const size = readIndex(cursor);
  for (let count = size; count > 0; count--) skipValueType(cursor);
  return size;
}

function skipField(cursor: Cursor): void {
  const packed = cursor.bytes[cursor.at];
  if (packed === I8 || packed === I16) cursor.at++;
  else skipValueType(cursor);
  skipBytes(cursor, 1);
}
