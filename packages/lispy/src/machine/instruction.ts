/** Instructions of the machine. Everything without a procedure call is fused into operands. */
import type { Spot } from '../compiler/spot.ts';
import type { Box } from '../values/box.ts';
import type { Value } from '../values/value.ts';
import type { Machine } from './machine.ts';

/** A cell of the machine's stack. */
export type Slot = Value | Box | undefined;

/** A fused expression over the frame that begins at `base`. */
export type Operand = (stack: Slot[], base: number, machine: Machine) => Value;

/** Operation codes; the machine's switch spells the numbers out, which makes it a jump table. */
export const op = {
  evaluate: 0,
  discard: 1,
  jumpUnless: 2,
  jumpIf: 3,
  jump: 4,
  turn: 5,
  call0: 6,
  call1: 7,
  call2: 8,
  call3: 9,
  callMany: 10,
  tail0: 11,
  tail1: 12,
  tail2: 13,
  tail3: 14,
  tailMany: 15,
  give: 16,
  handle: 17,
  unhandle: 18,
  charge: 19,
  advance: 20,
  accept: 21,
} as const;

/** Where a result goes when it is no slot. */
export const RETURN = -1;
export const IGNORE = -2;

const nothing: Operand = () => null;

/** One instruction; all have one shape so that the machine reads them fast. */
export class Instruction {
  readonly op: number;
  readonly destination: number;
  target: number;
  readonly fn: Operand;
  readonly first: Operand;
  readonly second: Operand;
  readonly third: Operand;
  readonly many: readonly Operand[];
  /** Size of the frame it runs in, set when the procedure is complete: a callee's frame begins behind it. */
  frame: number;
  readonly spot: Spot | undefined;

  constructor(
    code: number,
    destination: number,
    target: number,
    fn: Operand | undefined,
    many: readonly Operand[],
    spot: Spot | undefined,
  ) {
    this.op = code;
    this.destination = destination;
    this.target = target;
    this.fn = fn ?? nothing;
    this.many = many;
    this.first = many[0] ?? nothing;
    this.second = many[1] ?? nothing;
    this.third = many[2] ?? nothing;
    this.frame = 0;
    this.spot = spot;
  }
}
