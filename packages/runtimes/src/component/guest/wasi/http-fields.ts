// wasi:http fields: names without case, values as bytes, in their order.
import { wasiError } from './io.ts';

type Entry = readonly [name: string, value: Uint8Array];

const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

export class Fields {
  #entries: Entry[] = [];

  static fromList(entries: readonly Entry[]): Fields {
    const fields = new Fields();
    for (const [name, value] of entries) fields.append(name, value);
    return fields;
  }

  static fromTexts(entries: readonly (readonly [string, string])[]): Fields {
    return Fields.fromList(entries.map(([name, value]) => [name, encoder.encode(value)]));
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
    this.#entries = this.#entries.filter((entry) => !isSame(entry[0], name));
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
    this.#entries.push([name, value]);
  }

  entries(): Entry[] {
    return [...this.#entries];
  }

  clone(): Fields {
    return Fields.fromList(this.#entries);
  }

  /** As `context.fetch` takes them. */
  toTexts(): (readonly [string, string])[] {
    return this.#entries.map(([name, value]) => [name, decoder.decode(value)]);
  }
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
