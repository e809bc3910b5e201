// Reads one instruction after another: every opcode of WebAssembly with what stands behind it in the bytes.
import { type Cursor, readByte, readIndex, skipBytes, skipNumber } from './cursor.ts';
import { hex, readBlockType, skipHeapType, skipValueTypes } from './types.ts';

/** The opcodes that the meter knows by name; those behind a prefix are {@link prefixed}. */
export const BLOCK = 0x02;
export const LOOP = 0x03;
export const IF = 0x04;
export const ELSE = 0x05;
export const TRY = 0x06;
export const CATCH = 0x07;
export const THROW = 0x08;
export const RETHROW = 0x09;
export const THROW_REF = 0x0a;
export const END = 0x0b;
export const BR_IF = 0x0d;
export const DELEGATE = 0x18;
export const CATCH_ALL = 0x19;
export const TRY_TABLE = 0x1f;
export const LOCAL_GET = 0x20;
export const LOCAL_TEE = 0x22;
export const GLOBAL_GET = 0x23;
export const GLOBAL_SET = 0x24;
export const TABLE_SET = 0x26;
export const MEMORY_GROW = 0x40;
export const BR_ON_NULL = 0xd5;
export const BR_ON_NON_NULL = 0xd6;

const GC = 0xfb;
const MORE = 0xfc;
const ATOMIC = 0xfe;

export const prefixed = (prefix: number, code: number) => prefix * 0x1000 + code;

export const STRUCT_NEW = prefixed(GC, 0);
export const STRUCT_NEW_DEFAULT = prefixed(GC, 1);
export const ARRAY_NEW = prefixed(GC, 6);
export const ARRAY_NEW_DEFAULT = prefixed(GC, 7);
export const ARRAY_NEW_FIXED = prefixed(GC, 8);
export const ARRAY_NEW_DATA = prefixed(GC, 9);
export const ARRAY_NEW_ELEM = prefixed(GC, 10);
export const ARRAY_FILL = prefixed(GC, 16);
export const ARRAY_COPY = prefixed(GC, 17);
export const ARRAY_INIT_DATA = prefixed(GC, 18);
export const ARRAY_INIT_ELEM = prefixed(GC, 19);
export const BR_ON_CAST = prefixed(GC, 24);
export const BR_ON_CAST_FAIL = prefixed(GC, 25);
export const MEMORY_INIT = prefixed(MORE, 8);
export const MEMORY_COPY = prefixed(MORE, 10);
export const MEMORY_FILL = prefixed(MORE, 11);
export const TABLE_INIT = prefixed(MORE, 12);
export const TABLE_COPY = prefixed(MORE, 14);
export const TABLE_GROW = prefixed(MORE, 15);
export const TABLE_FILL = prefixed(MORE, 17);
export const WAIT_32 = prefixed(ATOMIC, 1);
export const WAIT_64 = prefixed(ATOMIC, 2);

/**
 * Steps over one instruction and gives its opcode. Up to two indices that stand behind it are in `first` and `second`
 * of the cursor; the type of a block is in `first`, -1 where it has none.
 */
export function readInstruction(cursor: Cursor): number {
  const code = readByte(cursor);
  if (code < GC || code > ATOMIC) {
    readOperands(cursor, PLAIN[code] as number, code);
    return code;
  }
  const inner = readIndex(cursor);
  const opcode = prefixed(code, inner);
  readOperands(cursor, BEHIND[code - GC]?.[inner] ?? UNKNOWN, opcode);
  return opcode;
}

function readOperands(cursor: Cursor, shape: number, opcode: number): void {
  switch (shape) {
    case NOTHING:
      break;
    case INDICES:
      cursor.first = readIndex(cursor);
      cursor.second = readIndex(cursor);
      break;
    case INDEX:
      cursor.first = readIndex(cursor);
      break;
    case NUMBER:
      skipNumber(cursor);
      break;
    case ADDRESS:
      skipAddress(cursor);
      break;
    case LANE_ADDRESS:
      skipAddress(cursor);
      skipBytes(cursor, 1);
      break;
    case BYTE:
    case BYTES_4:
    case BYTES_8:
    case BYTES_16:
      skipBytes(cursor, shape);
      break;
    case BLOCK_TYPE:
      cursor.first = readBlockType(cursor) ?? -1;
      break;
    case HANDLERS:
      cursor.first = readBlockType(cursor) ?? -1;
      skipHandlers(cursor);
      break;
    case LABELS:
      for (let count = readIndex(cursor); count >= 0; count--) readIndex(cursor);
      break;
    case VALUE_TYPES:
      skipValueTypes(cursor);
      break;
    case HEAP_TYPE:
      skipHeapType(cursor);
      break;
    case CAST:
      skipBytes(cursor, 1);
      readIndex(cursor);
      skipHeapType(cursor);
      skipHeapType(cursor);
      break;
    default:
      cursor.refuse(`uses an instruction ${hex(opcode)}, which is unknown`);
  }
}

/** Alignment, the memory where there are several, offset. */
function skipAddress(cursor: Cursor): void {
  if ((readIndex(cursor) & HAS_MEMORY) !== 0) readIndex(cursor);
  skipNumber(cursor);
}

const HAS_MEMORY = 0x40;
const CATCH_ALL_KIND = 2;
const LAST_CATCH_KIND = 3;

function skipHandlers(cursor: Cursor): void {
  for (let count = readIndex(cursor); count > 0; count--) {
    const kind = readByte(cursor);
    if (kind > LAST_CATCH_KIND) cursor.refuse(`catches in a way ${hex(kind)}, which is unknown`);
    if (kind < CATCH_ALL_KIND) readIndex(cursor);
    readIndex(cursor);
  }
}

// What stands behind an opcode: for bytes alone, their number.
const UNKNOWN = 0;
const BYTE = 1;
const BYTES_4 = 4;
const BYTES_8 = 8;
const BYTES_16 = 16;
const NOTHING = 20;
const INDEX = 21;
const INDICES = 22;
const NUMBER = 23;
const ADDRESS = 24;
const LANE_ADDRESS = 25;
const BLOCK_TYPE = 26;
const HANDLERS = 27;
const LABELS = 28;
const VALUE_TYPES = 29;
const HEAP_TYPE = 30;
const CAST = 31;

type Range = readonly [from: number, to: number, shape: number];

function fill(size: number, ranges: readonly Range[]): Uint8Array {
  const shapes = new Uint8Array(size);
  for (const [from, to, shape] of ranges) shapes.fill(shape, from, to + 1);
  return shapes;
}

const PLAIN = fill(256, [
  [0x00, 0x01, NOTHING],
  [BLOCK, IF, BLOCK_TYPE],
  [ELSE, ELSE, NOTHING],
  [TRY, TRY, BLOCK_TYPE],
  [CATCH, RETHROW, INDEX],
  [THROW_REF, END, NOTHING],
  [0x0c, BR_IF, INDEX],
  [0x0e, 0x0e, LABELS],
  [0x0f, 0x0f, NOTHING],
  // The calls: by index, through a table, by reference, and as the last thing that is done.
  [0x10, 0x10, INDEX],
  [0x11, 0x11, INDICES],
  [0x12, 0x12, INDEX],
  [0x13, 0x13, INDICES],
  [0x14, 0x15, INDEX],
  [DELEGATE, DELEGATE, INDEX],
  [CATCH_ALL, 0x1b, NOTHING],
  [0x1c, 0x1c, VALUE_TYPES],
  [TRY_TABLE, TRY_TABLE, HANDLERS],
  [LOCAL_GET, TABLE_SET, INDEX],
  [0x28, 0x3e, ADDRESS],
  [0x3f, MEMORY_GROW, INDEX],
  [0x41, 0x42, NUMBER],
  [0x43, 0x43, BYTES_4],
  [0x44, 0x44, BYTES_8],
  [0x45, 0xc4, NOTHING],
  [0xd0, 0xd0, HEAP_TYPE],
  [0xd1, 0xd1, NOTHING],
  [0xd2, 0xd2, INDEX],
  [0xd3, 0xd4, NOTHING],
  [BR_ON_NULL, BR_ON_NON_NULL, INDEX],
]);

/** Behind the prefixes 0xfb (what is collected), 0xfc (conversions and bulks), 0xfd (vectors) and 0xfe (atomics). */
const BEHIND = [
  fill(31, [
    [0, 1, INDEX],
    [2, 5, INDICES],
    [6, 7, INDEX],
    [8, 10, INDICES],
    [11, 14, INDEX],
    [15, 15, NOTHING],
    [16, 16, INDEX],
    [17, 19, INDICES],
    [20, 23, HEAP_TYPE],
    [24, 25, CAST],
    [26, 30, NOTHING],
  ]),
  fill(18, [
    [0, 7, NOTHING],
    [8, 8, INDICES],
    [9, 9, INDEX],
    [10, 10, INDICES],
    [11, 11, INDEX],
    [12, 12, INDICES],
    [13, 13, INDEX],
    [14, 14, INDICES],
    [15, 17, INDEX],
  ]),
  fill(0x114, [
    [0, 11, ADDRESS],
    [12, 13, BYTES_16],
    [14, 20, NOTHING],
    [21, 34, BYTE],
    [35, 83, NOTHING],
    [84, 91, LANE_ADDRESS],
    [92, 93, ADDRESS],
    [94, 0x113, NOTHING],
    ...[0x9a, 0xa2, 0xa5, 0xa6, 0xaf, 0xb0, 0xb2, 0xb3, 0xb4, 0xbb, 0xc2, 0xc5, 0xc6, 0xcf, 0xd0, 0xd2, 0xd3, 0xd4]
      .concat([0xe2, 0xee])
      .map((hole): Range => [hole, hole, UNKNOWN]),
  ]),
  fill(0x4f, [
    [0, 2, ADDRESS],
    [3, 3, BYTE],
    [0x10, 0x4e, ADDRESS],
  ]),
] as const;
