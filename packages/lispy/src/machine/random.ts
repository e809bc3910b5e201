/** Random numbers: the same for the same seed, unless the host grants entropy. */

/** A source of numbers in [0, 1). */
export class Random {
  #state: number;
  readonly #entropy: (() => number) | undefined;

  constructor(seed: number, entropy: (() => number) | undefined) {
    this.#state = seed >>> 0;
    this.#entropy = entropy;
  }

  reseed(seed: number): void {
    this.#state = seed >>> 0;
  }

  /** Splitmix32, twice, for 53 bits. */
  next(): number {
    if (this.#entropy) return this.#entropy();
    return (this.#bits() * 2 ** 21 + (this.#bits() >>> 11)) / 2 ** 53;
  }

  #bits(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let bits = this.#state ^ (this.#state >>> 16);
    bits = Math.imul(bits, 0x21f0aaad);
    bits ^= bits >>> 15;
    bits = Math.imul(bits, 0x735a2d97);
    return (bits ^ (bits >>> 15)) >>> 0;
  }
}
