// Whether bytes could be text, told without keeping them: most runs of base64 or hexadecimal digits are words and names.

/** So many readable characters in a row, and bytes are worth a look. */
const READABLE = 6;

/** Looks at bytes one after the other. Kept and begun anew, so that looking makes no garbage. */
export class ReadableCheck {
  #row = 0;
  #more = 0;
  #isUtf8 = true;
  #isEmpty = true;

  begin(): void {
    this.#row = 0;
    this.#more = 0;
    this.#isUtf8 = true;
    this.#isEmpty = true;
  }

  /** Adds a byte; true as soon as there is enough ASCII in a row. Zero bytes, as in UTF-16, do not end a row. */
  add(byte: number): boolean {
    if (byte === 0) return false;
    this.#isEmpty = false;
    if ((byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13)) {
      if (this.#more > 0) this.#isUtf8 = false;
      this.#row++;
      return this.#row >= READABLE;
    }
    this.#row = 0;
    if (this.#more > 0 && (byte & 0xc0) === 0x80) this.#more--;
    else if (this.#more === 0 && byte >= 0xc2 && byte < 0xf5) this.#more = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    else this.#isUtf8 = false;
    return false;
  }

  /** Whether bytes can still turn out to be text, when at most so many more of them come. */
  canBecome(more: number): boolean {
    return this.#isUtf8 || this.#row + more >= READABLE;
  }

  /** Whether all that was added is UTF-8 without control characters, and not only zeros. The last character may be cut. */
  get isUtf8(): boolean {
    return this.#isUtf8 && !this.#isEmpty;
  }
}
