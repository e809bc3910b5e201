// Texts in the memory of a module: every address and length that it gives is checked before a byte is touched.
import { AbiError } from './failure.ts';

/** Where texts of one instance live. */
export type Room = { readonly memory: WebAssembly.Memory; readonly alloc: (length: number) => unknown };

/** A piece of a module's memory. */
export type Piece = { readonly at: number; readonly length: number };

/** A piece as one i64, with a mark for failures: address in the high half, length in the lower 31 bits. */
export type Result = Piece & { readonly failed: boolean };

const LENGTH_BITS = 31;
const ADDRESS_SHIFT = 32n;
const FAILED = 1n << BigInt(LENGTH_BITS);
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function unpack(packed: bigint): Result {
  return {
    at: Number(BigInt.asUintN(32, packed >> ADDRESS_SHIFT)),
    length: Number(BigInt.asUintN(LENGTH_BITS, packed)),
    failed: (packed & FAILED) !== 0n,
  };
}

export function pack({ at, length }: Piece, failed: boolean): bigint {
  return (BigInt(at) << ADDRESS_SHIFT) | BigInt(length) | (failed ? FAILED : 0n);
}

/** Writes a text where the module's `alloc` says. @throws AbiError, and whatever `alloc` throws */
export function giveText({ memory, alloc }: Room, text: string): Piece {
  const length = Buffer.byteLength(text);
  const at = Number(alloc(length)) >>> 0;
  if (at === 0) throw new AbiError(`alloc(${length}) gave 0: the module has no room for ${length} bytes`);
  // Asked again: the memory may have grown.
  const size = memory.buffer.byteLength;
  if (at + length > size) throw new AbiError(`alloc(${length}) gave ${at}, but its memory ends at ${size}`);
  Buffer.from(memory.buffer, at, length).write(text, 'utf8');
  return { at, length };
}

/** The bytes of a piece, still in the module's memory. @throws AbiError */
export function viewPiece({ memory }: Room, { at, length }: Piece, what: string, code?: AbiError['code']): Uint8Array {
  const size = memory.buffer.byteLength;
  if (at + length > size) {
    throw new AbiError(`${what} lies at ${at} with ${length} bytes, but the memory ends at ${size}`, code);
  }
  return new Uint8Array(memory.buffer, at, length);
}

/** @throws AbiError */
export function decodeText(bytes: Uint8Array, what: string, code?: AbiError['code']): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new AbiError(`${what} is no UTF-8 text`, code);
  }
}
