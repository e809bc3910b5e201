// Generates functions that count their own instructions, so that what each of their ways costs is known.
import fc from 'fast-check';
import {
  type Bytes,
  body,
  CODE,
  EXPORTS,
  encodeModule,
  exported,
  FUNCTIONS,
  GLOBALS,
  signed,
  TAGS,
  TYPES,
  vector,
} from './encode.ts';

/**
 * Exports `run`, which takes the ways that the bits of its parameter choose, and the globals `done` (instructions that
 * ran, but for single branches) and `turns` (ways that were chosen, loops that were begun or went on).
 */
export function branching(): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  return way(DEPTH).map(moduleOf);
}

/** The same for one choice of two, with so many units of four instructions before it and in each way. */
export function choice(before: number, one: number, other: number): Uint8Array<ArrayBuffer> {
  return moduleOf([...units(before), ...choose(1), 0x04, EMPTY, ...units(one), 0x05, ...units(other), END]);
}

function moduleOf(code: Bytes): Uint8Array<ArrayBuffer> {
  return encodeModule([
    [TYPES, vector([TAKES_ONE, TAKES_NOTHING])],
    [FUNCTIONS, vector([[0]])],
    [TAGS, vector([[0, 1]])],
    [GLOBALS, vector([0, 1].map(() => [I32, 1, 0x41, 0, END]))],
    [EXPORTS, vector([exported('run', 0, 0), exported('done', 3, DONE), exported('turns', 3, TURNS)])],
    [CODE, vector([body([[DEPTH + 1, I32]], code)])],
  ]);
}

const DEPTH = 3;
const I32 = 0x7f;
const END = 0x0b;
const EMPTY = 0x40;
const TAKES_ONE = [0x60, 1, I32, 0];
const TAKES_NOTHING = [0x60, 0, 0];
const DONE = 0;
const TURNS = 1;

const constant = (value: number): Bytes => [0x41, ...signed(BigInt(value))];
const add = (global: number, value: number): Bytes => [0x23, global, ...constant(value), 0x6a, 0x24, global];
/** How many instructions that is. */
const ADD = 4;
const done = (instructions: number): Bytes => add(DONE, instructions + ADD);

/** Leaves some of the parameter's bits, and turns it on; to be followed by the one instruction that chooses. */
const choose = (mask: number): Bytes => [
  ...[...done(ADD + 7), ...add(TURNS, 1)],
  ...[0x20, 0, ...constant(3), 0x78, 0x22, 0, ...constant(mask), 0x71],
];

const units = (count: number): Bytes => new Array<Bytes>(count).fill(done(0)).flat();
/** As little as is charged in advance, and much more than that. */
const work = fc.oneof(fc.nat(6), fc.nat(200)).map((units): Bytes => new Array<Bytes>(units).fill(done(0)).flat());
/** What the meter takes for an exception, less the instructions around it. */
const fail: Bytes = [...done(990), 0x08, 0];

function way(depth: number): fc.Arbitrary<Bytes> {
  if (depth === 0) return work;
  const inner = way(depth - 1);
  const two = fc.tuple(inner, inner);
  const three = fc.tuple(inner, inner, inner);
  const counter = depth;
  return fc
    .array(
      fc.oneof(
        work,
        inner.map((a) => [...choose(1), 0x04, EMPTY, ...a, END]),
        two.map(([a, b]) => [...choose(1), 0x04, EMPTY, ...a, 0x05, ...b, END]),
        two.map(([a, b]) => [0x02, EMPTY, ...a, ...choose(1), 0x0d, 0, ...b, END]),
        two.map(([a, b]) => [0x02, EMPTY, ...choose(1), 0x04, EMPTY, ...a, 0x0c, 1, END, ...b, END]),
        three.map(([a, b, c]) => [
          ...[0x02, EMPTY, 0x02, EMPTY, 0x02, EMPTY, ...choose(3), 0x0e, 2, 0, 1, 2, END, ...a, 0x0c, 1],
          ...[END, ...b, END, ...c],
        ]),
        two.map(([a, b]) => [0x06, EMPTY, ...a, ...choose(1), 0x0d, 0, ...fail, 0x19, ...b, END]),
        inner.map((a) => [0x06, EMPTY, 0x06, EMPTY, ...choose(1), 0x0d, 0, ...fail, 0x18, 0, ...a, 0x19, END]),
        fc
          .tuple(fc.integer({ min: 1, max: 4 }), inner)
          .map(([turns, a]) => [
            ...[...done(2), ...constant(turns), 0x21, counter, 0x03, EMPTY, ...done(ADD + 5), ...add(TURNS, 1), ...a],
            ...[0x20, counter, ...constant(1), 0x6b, 0x22, counter, 0x0d, 0, END],
          ]),
      ),
      { maxLength: 3 },
    )
    .map((list) => list.flat());
}
