// Generates small modules that always end: arithmetic, blocks, loops, calls, memory, handlers; and that count their steps.
import fc from 'fast-check';
import {
  type Bytes,
  body,
  CODE,
  ELEMENTS,
  EXPORTS,
  encodeModule,
  exported,
  FUNCTIONS,
  GLOBALS,
  MEMORIES,
  signed,
  TABLES,
  TAGS,
  TYPES,
  unsigned,
  vector,
} from './encode.ts';

/** What each statement does first, beside its own: it adds one to the global `steps`. In instructions. */
export const STEP_COST = 4;

/** Exports `run` (two numbers to one), `memory`, and the globals `steps` and `state`. */
export function programs(): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  return fc.tuple(...NUMBERS.map((index) => functionOf(index))).map((bodies) =>
    encodeModule([
      [TYPES, vector([TAKES_TWO, TAKES_NOTHING])],
      [FUNCTIONS, vector(NUMBERS.map(() => [0]))],
      [TABLES, vector([[0x70, 0, NUMBERS.length]])],
      [MEMORIES, vector([[0, 1]])],
      [TAGS, vector([[0, 1]])],
      [GLOBALS, vector([0, 1].map(() => [I32, 1, 0x41, 0, END]))],
      [
        EXPORTS,
        vector([exported('run', 0, 0), exported('memory', 2, 0), exported('steps', 3, STEPS), exported('state', 3, 1)]),
      ],
      [ELEMENTS, vector([[0, 0x41, 0, END, ...vector(NUMBERS.map((index) => [index]))]])],
      [CODE, vector(bodies)],
    ]),
  );
}

/** Each calls none but later ones, so that all of them end. */
const NUMBERS = [0, 1, 2] as const;
const I32 = 0x7f;
const END = 0x0b;
const TAKES_TWO = [0x60, 2, I32, I32, 1, I32];
const TAKES_NOTHING = [0x60, 0, 0];
const STEPS = 0;
/** Parameters and variables; behind them are the counters of loops, one for each depth. */
const VARIABLES = 5;
const DEPTH = 3;

const functionOf = (index: number) =>
  fc
    .tuple(statements(index, DEPTH), number(index, DEPTH))
    .map(([before, value]) => body([[VARIABLES - 2 + DEPTH + 1, I32]], [...before, ...value]));

const constant = (value: number): Bytes => [0x41, ...signed(BigInt(value))];
const variable = fc.nat(VARIABLES - 1);
/** A place in the first half of the memory. */
const place = (value: Bytes): Bytes => [...value, ...constant(0x7fff), 0x71];

const BINARY = [0x6a, 0x6b, 0x6c, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x46, 0x48, 0x4d];

/** Code that leaves a number of 32 bits. */
function number(index: number, depth: number): fc.Arbitrary<Bytes> {
  const simple = fc.oneof(
    fc.integer({ min: -1000, max: 1000 }).map(constant),
    variable.map((each) => [0x20, each]),
    fc.constant([0x23, 1]),
  );
  if (depth === 0) return simple;
  const inner = number(index, depth - 1);
  const two = fc.tuple(inner, inner);
  const three = fc.tuple(inner, inner, inner);
  const calls = NUMBERS.filter((each) => each > index);
  return fc.oneof(
    simple,
    fc.tuple(two, fc.constantFrom(...BINARY)).map(([[a, b], code]) => [...a, ...b, code]),
    two.map(([a, b]) => [...a, ...b, ...constant(1), 0x72, 0x6e]),
    inner.map((a) => [...place(a), 0x28, 2, 0]),
    inner.map((a) => [...a, 0xac, 0x42, 13, 0x7e, 0xa7]),
    three.map(([a, b, c]) => [...a, 0x04, I32, ...b, 0x05, ...c, END]),
    three.map(([a, b, c]) => [...a, ...b, ...c, 0x1b]),
    three.map(([a, b, c]) => [0x02, I32, ...a, ...b, 0x0d, 0, 0x1a, ...c, END]),
    three.map(([a, b, c]) => [0x02, I32, 0x02, I32, ...a, ...b, 0x0e, 1, 0, 1, END, ...c, 0x6a, END]),
    fc.tuple(inner, variable).map(([a, each]) => [...a, 0x22, each]),
    ...calls.flatMap((each) => [
      two.map(([a, b]): Bytes => [...a, ...b, 0x10, each]),
      two.map(([a, b]): Bytes => [...a, ...b, ...constant(each), 0x11, 0, 0]),
    ]),
  );
}

/** Code that leaves nothing. */
function statements(index: number, depth: number): fc.Arbitrary<Bytes> {
  return fc.array(statement(index, depth), { maxLength: 3 }).map((list) => list.flat());
}

const STEP: Bytes = [0x23, STEPS, ...constant(1), 0x6a, 0x24, STEPS];

function statement(index: number, depth: number): fc.Arbitrary<Bytes> {
  const value = number(index, Math.min(depth, 2));
  const two = fc.tuple(value, value);
  const simple = fc.oneof(
    fc.tuple(value, variable).map(([a, each]) => [...a, 0x21, each]),
    value.map((a) => [...a, 0x24, 1]),
    two.map(([a, b]) => [...place(a), ...b, 0x36, 2, 0]),
    two.map(([a, b]) => [...place(a), ...b, ...place(b), 0xfc, 0x0b, 0]),
    two.map(([a, b]) => [...place(a), ...place(b), ...place(a), 0xfc, 0x0a, 0, 0]),
    value.map((a) => [...a, 0x04, 0x40, ...a, 0x0f, END]),
    fc.nat(40).map((count) => new Array<Bytes>(count).fill(STEP).flat()),
  );
  if (depth === 0) return simple.map(stepped);
  const inner = statements(index, depth - 1);
  const counter = VARIABLES + depth;
  return fc
    .oneof(
      simple,
      fc.tuple(value, inner, inner).map(([a, b, c]) => [...a, 0x04, 0x40, ...b, 0x05, ...c, END]),
      fc.tuple(value, inner, inner).map(([a, b, c]) => [0x02, 0x40, ...b, ...a, 0x0d, 0, ...c, END]),
      fc.tuple(inner, value, inner).map(([b, a, c]) => [0x06, 0x40, ...b, ...a, 0x0d, 0, 0x08, 0, 0x19, ...c, END]),
      fc
        .tuple(fc.integer({ min: 1, max: 3 }), inner)
        .map(([count, b]) => [
          ...[...constant(count), 0x21, ...unsigned(counter), 0x03, 0x40, ...b],
          ...[0x20, counter, ...constant(1), 0x6b, 0x22, counter, 0x0d, 0, END],
        ]),
    )
    .map(stepped);
}

const stepped = (code: Bytes): Bytes => [...STEP, ...code];
