// What instructions cost, in units of a plain one: no instruction takes much longer than what it is charged for.
import type { Rate } from './charges.ts';
import type { Cursor } from './cursor.ts';
import {
  ARRAY_COPY,
  ARRAY_FILL,
  ARRAY_INIT_DATA,
  ARRAY_INIT_ELEM,
  ARRAY_NEW,
  ARRAY_NEW_DATA,
  ARRAY_NEW_DEFAULT,
  ARRAY_NEW_ELEM,
  ARRAY_NEW_FIXED,
  BLOCK,
  IF,
  LOOP,
  MEMORY_COPY,
  MEMORY_FILL,
  MEMORY_GROW,
  MEMORY_INIT,
  RETHROW,
  STRUCT_NEW,
  STRUCT_NEW_DEFAULT,
  TABLE_COPY,
  TABLE_FILL,
  TABLE_GROW,
  TABLE_INIT,
  TABLE_SET,
  THROW,
  THROW_REF,
  TRY,
  TRY_TABLE,
} from './instructions.ts';
import type { Shape } from './shape.ts';

/** What an instruction that was just read costs, whatever lies on the stack. */
export function costOf(opcode: number, { first, second }: Cursor, { types }: Shape): number {
  switch (opcode) {
    // These are places, not work; but what such a type carries may have to be moved.
    case BLOCK:
    case LOOP:
    case TRY:
    case TRY_TABLE:
      return first < 0 ? 0 : (types[first]?.size ?? 0);
    case IF:
      return first < 0 ? 1 : 1 + (types[first]?.size ?? 0);
    case STRUCT_NEW:
    case STRUCT_NEW_DEFAULT:
      return ALLOCATION + (types[first]?.size ?? 0);
    case ARRAY_NEW_FIXED:
      return ALLOCATION + second;
    case THROW:
    case RETHROW:
    case THROW_REF:
      return UNWINDING;
    case MEMORY_GROW:
      return GROWING;
    case TABLE_SET:
      return SETTING;
    default:
      return LENGTHS.has(opcode) ? LEAVING : 1;
  }
}

/** What an instruction costs by the length on top of the stack; undefined where it takes none. */
export function rateOf(
  opcode: number,
  { first, second }: Cursor,
  { wideMemories, wideTables }: Shape,
): { readonly rate: Rate; readonly isWide: boolean } | undefined {
  const rate = LENGTHS.get(opcode);
  if (rate === undefined) return undefined;
  switch (opcode) {
    case MEMORY_FILL:
    case MEMORY_GROW:
      return { rate, isWide: wideMemories[first] === true };
    case MEMORY_COPY:
      return { rate, isWide: wideMemories[first] === true && wideMemories[second] === true };
    case TABLE_FILL:
    case TABLE_GROW:
      return { rate, isWide: wideTables[first] === true };
    case TABLE_COPY:
      return { rate, isWide: wideTables[first] === true && wideTables[second] === true };
    default:
      return { rate, isWide: false };
  }
}

const ALLOCATION = 4;
/** What the engine does outside of compiled code. */
const LEAVING = 50;
const SETTING = 100;
const UNWINDING = 1000;
const GROWING = 10_000;
/** Four bytes cost what one instruction does. */
const BYTES: Rate = { shift: 2 };
const PAGES: Rate = { factor: 1000 };
const ENTRIES: Rate = { factor: 100 };
const ELEMENTS: Rate = { factor: 4 };

const LENGTHS: ReadonlyMap<number, Rate> = new Map<number, Rate>([
  [MEMORY_INIT, BYTES],
  [MEMORY_COPY, BYTES],
  [MEMORY_FILL, BYTES],
  [MEMORY_GROW, PAGES],
  [TABLE_INIT, ENTRIES],
  [TABLE_COPY, ENTRIES],
  [TABLE_GROW, ENTRIES],
  [TABLE_FILL, ENTRIES],
  [ARRAY_NEW, ELEMENTS],
  [ARRAY_NEW_DEFAULT, ELEMENTS],
  [ARRAY_NEW_DATA, ELEMENTS],
  [ARRAY_NEW_ELEM, ENTRIES],
  [ARRAY_FILL, ELEMENTS],
  [ARRAY_COPY, ELEMENTS],
  [ARRAY_INIT_DATA, ELEMENTS],
  [ARRAY_INIT_ELEM, ENTRIES],
]);
