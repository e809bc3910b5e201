// The instructions that the meter writes into code: each takes an amount from the fuel and ends the call below zero.
import { written } from './assembly.ts';
import { sizeOfSigned, type Writer } from './writer.ts';

/** Charges of a module whose fuel is the global of one index. */
export type Charges = {
  sizeOf(amount: number): number;
  write(writer: Writer, amount: number): void;
  /** For a length that lies on the stack and stays there; meanwhile `local`, of 64 bits, holds it. */
  ofLength(rate: Rate, isWide: boolean, local: number): Uint8Array;
};

/** What a length costs: it divided by two to the power of `shift`, or else times `factor`, which is below 2^31. */
export type Rate = { readonly shift: number } | { readonly factor: number };

export function createCharges(fuel: number): Charges {
  const load = written((writer) => named(writer, GLOBAL_GET, fuel));
  const store = written((writer) => {
    writer.byte(I64_SUB);
    named(writer, GLOBAL_SET, fuel);
    named(writer, GLOBAL_GET, fuel);
    for (const code of [I64_CONST, 0, I64_LT_S, IF, EMPTY]) writer.byte(code);
  });
  // Lengths of 64 bits could otherwise take so much, in calls inside calls, that less than the least number is left.
  const empty = written((writer) => named(writer, GLOBAL_SET, fuel, [I64_CONST, MINUS_ONE]));
  // A function may have a million of them, all alike.
  const known = new Map<string, Uint8Array>();
  let lastLocal = -1;
  return {
    sizeOf: (amount) => load.length + 1 + sizeOfSigned(amount) + store.length + 2,
    write(writer, amount) {
      writer.copy(load, 0, load.length);
      writer.byte(I64_CONST);
      writer.signed(amount);
      writer.copy(store, 0, store.length);
      writer.byte(UNREACHABLE);
      writer.byte(END);
    },
    ofLength(rate, isWide, local) {
      if (local !== lastLocal) known.clear();
      lastLocal = local;
      const key = `${isWide} ${JSON.stringify(rate)}`;
      const bytes = known.get(key) ?? written((writer) => writeLength(writer, rate, isWide, local));
      known.set(key, bytes);
      return bytes;
    },
  };

  function writeLength(writer: Writer, rate: Rate, isWide: boolean, local: number): void {
    named(writer, LOCAL_SET, local, isWide ? [] : [I64_EXTEND_I32_U]);
    writer.copy(load, 0, load.length);
    named(writer, LOCAL_GET, local);
    writeRate(writer, rate, isWide);
    writer.copy(store, 0, store.length);
    writer.copy(empty, 0, empty.length);
    writer.byte(UNREACHABLE);
    writer.byte(END);
    named(writer, LOCAL_GET, local);
    if (!isWide) writer.byte(I32_WRAP_I64);
  }
}

/** Whatever the length, the outcome is not negative: what a mask cuts off is beyond every table. */
function writeRate(writer: Writer, rate: Rate, isWide: boolean): void {
  const constant = (value: number, code: number) => {
    writer.byte(I64_CONST);
    writer.signed(value);
    writer.byte(code);
  };
  if ('shift' in rate) constant(rate.shift, I64_SHR_U);
  else {
    if (isWide) constant(0xffff_ffff, I64_AND);
    constant(rate.factor, I64_MUL);
  }
}

function named(writer: Writer, code: number, index: number, before: readonly number[] = []): void {
  for (const byte of before) writer.byte(byte);
  writer.byte(code);
  writer.unsigned(index);
}

const UNREACHABLE = 0x00;
const IF = 0x04;
const END = 0x0b;
const LOCAL_GET = 0x20;
const LOCAL_SET = 0x21;
const GLOBAL_GET = 0x23;
const GLOBAL_SET = 0x24;
const EMPTY = 0x40;
const I64_CONST = 0x42;
const MINUS_ONE = 0x7f;
const I64_LT_S = 0x53;
const I64_SUB = 0x7d;
const I64_MUL = 0x7e;
const I64_AND = 0x83;
const I64_SHR_U = 0x88;
const I32_WRAP_I64 = 0xa7;
const I64_EXTEND_I32_U = 0xad;
