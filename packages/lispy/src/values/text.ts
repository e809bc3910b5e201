/** Long strings under construction: appending shares what is there, and flattening is paid for once, when it is read. */
import type { Meter } from '../limits.ts';

/** Strings up to this many characters are always plain JavaScript strings. */
export const longString = 1024;

/** A long string whose parts have not been joined yet; the same kind of value as a plain string. */
export class Text {
  #parts: string[];
  #count: number;
  #flat: string | undefined;
  readonly length: number;

  constructor(parts: string[], count: number, length: number) {
    this.#parts = parts;
    this.#count = count;
    this.length = length;
  }

  /** This text with more at its end; O(1) for the newest text of a chain. */
  append(more: string): Text {
    const shared = this.#parts.length === this.#count;
    const parts = shared ? this.#parts : [this.#parts.slice(0, this.#count).join('')];
    parts.push(more);
    return new Text(parts, parts.length, this.length + more.length);
  }

  /** What appending to this text costs in copied characters: nothing for the newest of a chain. */
  get appendCost(): number {
    return this.#parts.length === this.#count ? 0 : this.length;
  }

  /** The plain string, joined on the first call. */
  read(meter: Meter): string {
    if (this.#flat === undefined) {
      meter.charge(this.length >> 4);
      meter.allocate(this.length * 2);
      this.#flat = this.#count === 1 ? this.#parts[0]! : this.#parts.slice(0, this.#count).join('');
      this.#parts = [this.#flat];
      this.#count = 1;
    }
    return this.#flat;
  }
}
