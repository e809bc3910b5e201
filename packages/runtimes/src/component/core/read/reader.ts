// Reads the numbers and names of a WebAssembly binary, never beyond its end.
import { CoreModuleError } from './errors.ts';

export type Reader = ReturnType<typeof createReader>;

const LONGEST_U32 = 5;
const LONGEST_S64 = 10;
/** Of one section: what engines take as well. */
const MOST_ITEMS = 1_000_000;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A reader of `bytes` from `at` up to `end`; offsets are those of the file. */
export function createReader(bytes: Uint8Array, at = 0, end = bytes.length) {
  return {
    at,
    get isDone(): boolean {
      return this.at >= end;
    },
    byte(): number {
      if (this.at >= end) throw cutOff(this.at);
      return bytes[this.at++] as number;
    },
    bytes(length: number): Uint8Array {
      if (length > end - this.at) throw cutOff(this.at);
      this.at += length;
      return bytes.subarray(this.at - length, this.at);
    },
    /** An unsigned number of at most 32 bits. */
    u32(): number {
      let value = 0;
      for (let index = 0; index < LONGEST_U32; index++) {
        const byte = this.byte();
        value += (byte & 0x7f) * 128 ** index;
        if (byte < 0x80) return value;
      }
      throw new CoreModuleError(`A number at offset ${this.at} is too long`, { offset: this.at });
    },
    /** A signed number; undefined where it does not fit 32 bits. */
    s32(): number | undefined {
      let value = 0;
      for (let index = 0; index < LONGEST_S64; index++) {
        const byte = this.byte();
        value += (byte & 0x7f) * 128 ** index;
        if (byte >= 0x80) continue;
        const signed = (byte & 0x40) === 0 ? value : value - 128 ** (index + 1);
        return signed >= -(2 ** 31) && signed < 2 ** 31 ? signed : undefined;
      }
      throw new CoreModuleError(`A number at offset ${this.at} is too long`, { offset: this.at });
    },
    name(): string {
      const from = this.at;
      try {
        return decoder.decode(this.bytes(this.u32()));
      } catch (error) {
        if (error instanceof CoreModuleError) throw error;
        throw new CoreModuleError(`A name at offset ${from} is no UTF-8`, { offset: from });
      }
    },
    /** As many items as the number that comes first says. */
    list<T>(read: () => T): T[] {
      const count = this.u32();
      if (count > end - this.at) throw cutOff(this.at);
      if (count > MOST_ITEMS) {
        throw new CoreModuleError(`A section has ${count} items, at most ${MOST_ITEMS} are read`, { offset: this.at });
      }
      const items: T[] = [];
      for (let index = 0; index < count; index++) items.push(read());
      return items;
    },
    /** All that is left. */
    rest(): Uint8Array {
      return this.bytes(end - this.at);
    },
    /** Where the next `length` bytes lie, which are passed over here. */
    part(length: number): { readonly from: number; readonly to: number } {
      const from = this.at;
      this.bytes(length);
      return { from, to: this.at };
    },
  };
}

function cutOff(offset: number): CoreModuleError {
  return new CoreModuleError(`The module is cut off at offset ${offset}`, { offset });
}
