// Reads what the sections of a module define, as far as its code has to be understood: no more is checked here.
import { type Cursor, readByte, readIndex, readText, skipNumber } from './cursor.ts';
import { ARRAY_NEW, ARRAY_NEW_DEFAULT, END, readInstruction } from './instructions.ts';
import { hex, readTypes, skipValueType, type TypeSizes } from './types.ts';

/** What all sections before the code say together. */
export type Shape = {
  types: readonly TypeSizes[];
  /** The type of each function that the module defines. */
  readonly functions: number[];
  globals: number;
  /** For each memory and table: whether its lengths have 64 bits. */
  readonly wideMemories: boolean[];
  readonly wideTables: boolean[];
  sharesMemory: boolean;
};

const TYPES = 1;
const IMPORTS = 2;
const FUNCTIONS = 3;
const TABLES = 4;
const MEMORIES = 5;
export const GLOBALS = 6;
export const EXPORTS = 7;
const ELEMENTS = 9;

export function createShape(): Shape {
  return { types: [], functions: [], globals: 0, wideMemories: [], wideTables: [], sharesMemory: false };
}

/** Reads one section into the shape; `fuel` is a name that nothing may have. */
export function readSection(id: number, cursor: Cursor, shape: Shape, fuel: string): void {
  if (id === TYPES) shape.types = readTypes(cursor);
  else {
    const read = READERS[id];
    if (read === undefined) return;
    for (let count = readIndex(cursor); count > 0; count--) read(cursor, shape, fuel);
  }
  if (cursor.at !== cursor.end) cursor.refuse('has bytes behind a section');
}

type ReadItem = (cursor: Cursor, shape: Shape, fuel: string) => void;

const READERS: { readonly [id: number]: ReadItem } = {
  [IMPORTS]: readImport,
  [FUNCTIONS]: (cursor, shape) => shape.functions.push(readIndex(cursor)),
  [TABLES]: readTable,
  [MEMORIES]: readMemory,
  [GLOBALS](cursor, shape) {
    readGlobal(cursor, shape);
    skipConstant(cursor);
  },
  [EXPORTS](cursor, shape, fuel) {
    checkName(readText(cursor), cursor, fuel);
    const kind = readByte(cursor);
    const index = readIndex(cursor);
    if (kind === GLOBAL && index >= shape.globals) cursor.refuse(`exports a global ${index}, which it does not have`);
  },
  [ELEMENTS]: skipElements,
};

const FUNCTION = 0;
const TABLE = 1;
const MEMORY = 2;
const GLOBAL = 3;
const TAG = 4;

function readImport(cursor: Cursor, shape: Shape, fuel: string): void {
  readText(cursor);
  checkName(readText(cursor), cursor, fuel);
  const kind = readByte(cursor);
  if (kind === FUNCTION) readIndex(cursor);
  else if (kind === TABLE) readTableType(cursor, shape);
  else if (kind === MEMORY) readMemory(cursor, shape);
  else if (kind === GLOBAL) readGlobal(cursor, shape);
  else if (kind === TAG) {
    readByte(cursor);
    readIndex(cursor);
  } else cursor.refuse(`imports something of a kind ${hex(kind)}, which is unknown`);
}

function checkName(name: string, cursor: Cursor, fuel: string): void {
  if (name === fuel) cursor.refuse(`uses the name ${JSON.stringify(fuel)}, which is the host's`);
}

const WITH_START = 0x40;

function readTable(cursor: Cursor, shape: Shape): void {
  const hasStart = cursor.bytes[cursor.at] === WITH_START;
  if (hasStart) {
    cursor.at++;
    if (readByte(cursor) !== 0) cursor.refuse('has a table of an unknown kind');
  }
  readTableType(cursor, shape);
  if (hasStart) skipConstant(cursor);
}

function readTableType(cursor: Cursor, shape: Shape): void {
  skipValueType(cursor);
  shape.wideTables.push((readLimits(cursor) & WIDE) !== 0);
}

function readMemory(cursor: Cursor, shape: Shape): void {
  const flags = readLimits(cursor);
  shape.wideMemories.push((flags & WIDE) !== 0);
  if ((flags & SHARED) !== 0) shape.sharesMemory = true;
}

const HAS_MAXIMUM = 1;
const SHARED = 2;
const WIDE = 4;
const HAS_PAGE_SIZE = 8;

function readLimits(cursor: Cursor): number {
  const flags = readByte(cursor);
  if (flags > (HAS_MAXIMUM | SHARED | WIDE | HAS_PAGE_SIZE))
    cursor.refuse(`has limits ${hex(flags)}, which are unknown`);
  skipNumber(cursor);
  if ((flags & HAS_MAXIMUM) !== 0) skipNumber(cursor);
  if ((flags & HAS_PAGE_SIZE) !== 0) skipNumber(cursor);
  return flags;
}

function readGlobal(cursor: Cursor, shape: Shape): void {
  skipValueType(cursor);
  readByte(cursor);
  shape.globals++;
}

/** An expression that runs while the module is made, before anything could end it. */
function skipConstant(cursor: Cursor): void {
  for (;;) {
    const opcode = readInstruction(cursor);
    if (opcode === END) return;
    if (opcode === ARRAY_NEW || opcode === ARRAY_NEW_DEFAULT) {
      cursor.refuse('makes an array of any length before its first function runs');
    }
  }
}

const PASSIVE = 1;
const EXPLICIT = 2;
const EXPRESSIONS = 4;

function skipElements(cursor: Cursor): void {
  const flags = readIndex(cursor);
  if (flags > (PASSIVE | EXPLICIT | EXPRESSIONS)) cursor.refuse(`has elements ${hex(flags)}, which are unknown`);
  if ((flags & PASSIVE) === 0) {
    if ((flags & EXPLICIT) !== 0) readIndex(cursor);
    skipConstant(cursor);
  }
  if ((flags & (PASSIVE | EXPLICIT)) !== 0) {
    if ((flags & EXPRESSIONS) !== 0) skipValueType(cursor);
    else readByte(cursor);
  }
  for (let count = readIndex(cursor); count > 0; count--) {
    if ((flags & EXPRESSIONS) !== 0) skipConstant(cursor);
    else readIndex(cursor);
  }
}
