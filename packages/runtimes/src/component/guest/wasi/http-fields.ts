// wasi:http fields: names without case, values as bytes, in their order.
import { ENTRY_BYTES, type Held } from './held.ts';
import { wasiError } from './io.ts';

type Entry = readonly [name: string, value: Uint8Array];

/** The fields of one component; what they keep is counted in `held`. */
export interface Fields {
  /** As `context.fetch` takes them. */
  toTexts(): (readonly [string, string])[];
}

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

export type FieldsClass = ReturnType<typeof createFieldsClass>;

export function createFieldsClass(held: Held) {
  return class InstanceFields implements Fields {
    #entries: Entry[] = [];

    static fromList(entries: readonly Entry[]): InstanceFields {
      const fields = new InstanceFields();
      for (const [name, value] of entries) fields.append(name, value);
      return fields;
    }

    static fromTexts(entries: readonly (readonly [string, string])[]): InstanceFields {
      return InstanceFields.fromList(entries.map(([name, value]) => [name, encoder.encode(value)]));
    }

    get(name: string): Uint8Array[] {
      return this.#entries.filter((entry) => isSame(entry[0], name)).map(([, value]) => value);
    }

    has(name: string): boolean {
      return this.#entries.some((entry) => isSame(entry[0], name));
    }

    set(name: string, values: readonly Uint8Array[]): void {
      this.delete(name);
      for (const value of values) this.append(name, value);
    }

    delete(name: string): void {
      const gone = this.#entries.filter((entry) => isSame(entry[0], name));
      this.#entries = this.#entries.filter((entry) => !isSame(entry[0], name));
      for (const entry of gone) held.give(sizeOf(entry));
    }

    getAndDelete(name: string): Uint8Array[] {
      const values = this.get(name);
      this.delete(name);
      return values;
    }

    append(name: string, value: Uint8Array): void {
      if (!NAME.test(name) || value.some((byte) => byte === 10 || byte === 13 || byte === 0)) {
        throw wasiError({ tag: 'invalid-syntax' });
      }
      held.take(sizeOf([name, value]));
      this.#entries.push([name, value]);
    }

    entries(): Entry[] {
      return [...this.#entries];
    }

    clone(): InstanceFields {
      return InstanceFields.fromList(this.#entries);
    }

    toTexts(): (readonly [string, string])[] {
      return this.#entries.map(([name, value]) => [name, decoder.decode(value)]);
    }

    [Symbol.dispose](): void {
      for (const entry of this.#entries.splice(0)) held.give(sizeOf(entry));
    }
  };
}

function sizeOf([name, value]: Entry): number {
  return ENTRY_BYTES + name.length + value.length;
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
