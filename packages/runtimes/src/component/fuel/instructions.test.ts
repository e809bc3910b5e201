// Every opcode is read as the engine reads it: what is skipped in another way could hide a loop.
import { setFlagsFromString } from 'node:v8';
import { expect, it } from 'vitest';
import { createCursor } from './cursor.ts';
import { END, readInstruction } from './instructions.ts';
import {
  type Bytes,
  body,
  CODE,
  DATA,
  DATA_COUNT,
  ELEMENTS,
  encodeModule,
  FUNCTIONS,
  GLOBALS,
  MEMORIES,
  TABLES,
  TAGS,
  TYPES,
  unsigned,
  vector,
} from './testing/encode.ts';

// Later engines have it without being told.
setFlagsFromString('--experimental-wasm-exnref');

const FUNCTION = [0x60, 0, 0];
const I32 = 0x7f;
const I8 = 0x78;
const FUNCREF = 0x70;
/** What the type 0 may be: functions, structures, arrays. */
const KINDS: readonly Bytes[] = [
  FUNCTION,
  [0x5f, 1, I32, 1],
  [0x5f, 1, I8, 1],
  [0x5e, I32, 1],
  [0x5e, I8, 1],
  [0x5e, FUNCREF, 1],
];

/** A module in which whatever has index 0 exists. */
function moduleOf(kind: Bytes, code: Bytes): Uint8Array<ArrayBuffer> {
  return encodeModule([
    [TYPES, vector([kind, FUNCTION])],
    [FUNCTIONS, vector([[1]])],
    [TABLES, vector([[FUNCREF, 0, 1]])],
    [MEMORIES, vector([[0, 1]])],
    [TAGS, vector([[0, 1]])],
    [GLOBALS, vector([[I32, 1, 0x41, 0, END]])],
    [ELEMENTS, vector([[1, 0, 1, 0]])],
    [DATA_COUNT, [1]],
    [CODE, vector([body([[1, I32]], code)])],
    [DATA, vector([[1, 0]])],
  ]);
}

// After `unreachable` anything may lie on the stack, and before it anything may be left there.
const UNREACHABLE = 0x00;
const AROUND: readonly (readonly [before: Bytes, after: Bytes])[] = [
  [[], []],
  // A block that begins, code where there is something else, two kinds of handlers, a branch with a reference.
  [[], [END]],
  [[UNREACHABLE, 0x04, 0x40], [END]],
  [[0x06, 0x40, UNREACHABLE], [END]],
  [[0x06, 0x40, UNREACHABLE], []],
  [[0x06, 0x40, 0x19, UNREACHABLE], [END]],
  [
    [0x02, 0x63, 0, UNREACHABLE],
    [END, 0x1a],
  ],
];
/** A constant and `drop`; without some of its bytes it is no code, so what precedes it can have taken none of them. */
const WHOLE: Bytes = [0xfd, 0x0c, ...new Array<number>(16).fill(0x27), 0x1a];

/** What may stand behind an opcode: indices of one byte and of two, alignments, a type. */
const OPERANDS: readonly Bytes[] = [
  [],
  [1],
  [2],
  [3],
  [0x80],
  [0, 0x80],
  [0, 0, 0x80],
  [0, 0, 0, 0x80],
  [2, 0x80],
  [1, I32],
  [1, 2, 0],
  [1, 0, 0x80],
  [0x40],
  [I32],
  [FUNCREF],
  [0x63, 0x80],
  [0x64, 0],
].map((first) => [...first, ...new Array<number>(18 - first.length).fill(0)]);

type Context = { readonly kind: Bytes; readonly before: Bytes; readonly after: Bytes };

const CONTEXTS: readonly Context[] = AROUND.flatMap(([before, after]) =>
  KINDS.map((kind) => ({ kind, before, after })),
);

/** With how many bytes behind it the engine takes the opcode as whole. */
function lengthForEngine(opcode: Bytes, operands: Bytes, { kind, before, after }: Context): number | undefined {
  for (let length = 0; length <= operands.length; length++) {
    const code = [...opcode, ...operands.slice(0, length), ...WHOLE];
    if (WebAssembly.validate(moduleOf(kind, [...before, UNREACHABLE, ...code, UNREACHABLE, ...after]))) return length;
  }
  return undefined;
}

function lengthForMeter(opcode: Bytes, operands: Bytes): number | undefined {
  const bytes = Uint8Array.from([...opcode, ...operands]);
  const cursor = createCursor(bytes, 0, bytes.length, (problem) => {
    throw new RangeError(problem);
  });
  try {
    readInstruction(cursor);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return cursor.at - opcode.length;
}

const behind = (prefix: number, from: number, to: number): Bytes[] =>
  Array.from({ length: to - from }, (_, index) => [prefix, ...unsigned(from + index)]);

it.each([
  ['without a prefix', Array.from({ length: 0xfb }, (_, code) => [code]).filter(([code]) => code !== END)],
  ['of what is collected', behind(0xfb, 0, 0x40)],
  ['of conversions and bulks', behind(0xfc, 0, 0x20)],
  ['of vectors', behind(0xfd, 0, 0x140)],
  ['of atomics', behind(0xfe, 0, 0x60)],
])(
  'those %s',
  (_name, opcodes) => {
    for (const opcode of opcodes) {
      const isKnown = OPERANDS.some((operands) => lengthForMeter(opcode, operands) !== undefined);
      const contexts = isKnown ? CONTEXTS : CONTEXTS.slice(0, 1);
      const context = contexts.find((each) =>
        OPERANDS.some((operands) => lengthForEngine(opcode, operands, each) !== undefined),
      );
      const name = opcode.map((byte) => byte.toString(16)).join(' ');
      expect({ name, isKnown: context !== undefined }).toStrictEqual({ name, isKnown });
      if (context === undefined) continue;
      for (const operands of OPERANDS) {
        const length = lengthForEngine(opcode, operands, context);
        if (length === undefined) continue;
        expect({ name, operands, length: lengthForMeter(opcode, operands) }).toStrictEqual({ name, operands, length });
      }
    }
  },
  120_000,
);
