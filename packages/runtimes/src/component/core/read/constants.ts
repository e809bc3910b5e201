// Constant expressions: the value where it is one plain number, and where the expression ends.
import { CoreModuleError } from './errors.ts';
import type { Reader } from './reader.ts';

const END = 0x0b;
const GLOBAL_GET = 0x23;
const I32_CONST = 0x41;
const I64_CONST = 0x42;
const F32_CONST = 0x43;
const F64_CONST = 0x44;
const REF_NULL = 0xd0;
const REF_FUNC = 0xd2;
const VECTOR = 0xfd;
const V128_CONST = 12;
/** i32 and i64: add, sub, mul. */
const ARITHMETIC: readonly number[] = [0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e];

/** Reads one expression; its value as an unsigned number of 32 bits where it is `i32.const` alone. */
export function readConstant(reader: Reader): number | undefined {
  let value: number | undefined;
  for (let steps = 0; ; steps++) {
    const opcode = reader.byte();
    if (opcode === END) return steps === 1 ? value : undefined;
    value = readStep(reader, opcode);
  }
}

function readStep(reader: Reader, opcode: number): number | undefined {
  switch (opcode) {
    case I32_CONST: {
      const number = reader.s32();
      return number === undefined ? undefined : number >>> 0;
    }
    case I64_CONST:
    case REF_NULL:
      reader.s32();
      return undefined;
    case F32_CONST:
      reader.bytes(4);
      return undefined;
    case F64_CONST:
      reader.bytes(8);
      return undefined;
    case GLOBAL_GET:
    case REF_FUNC:
      reader.u32();
      return undefined;
    case VECTOR:
      if (reader.u32() !== V128_CONST) break;
      reader.bytes(16);
      return undefined;
    default:
      if (ARITHMETIC.includes(opcode)) return undefined;
  }
  throw new CoreModuleError(`The module begins with a value of an unknown kind (opcode 0x${opcode.toString(16)})`, {
    offset: reader.at,
  });
}
