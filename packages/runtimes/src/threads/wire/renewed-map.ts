// A map for what comes and goes with every call: one that lives long and is changed often, without keeping what it lost.

/** So many additions are far fewer than what fits between two collections of young objects. */
const RENEW_AFTER = 256;

/**
 * A Map of V8 that outgrows its table, or is left half empty, leaves it behind with a pointer to the next one. A table
 * that has lived through a full collection lies among the old objects: until the next full collection it keeps alive the
 * tables that follow it, and in them every call that went through. Each of these is then copied twice as a survivor
 * (measured: a tenth to a fifth of the processor under load). A fresh Map now and then has no table before it.
 */
export class RenewedMap<Key, Value> {
  #entries = new Map<Key, Value>();
  #added = 0;

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  set(key: Key, value: Value): void {
    if (++this.#added > RENEW_AFTER + this.#entries.size) {
      this.#added = 0;
      this.#entries = new Map(this.#entries);
    }
    this.#entries.set(key, value);
  }

  delete(key: Key): boolean {
    return this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  keys(): MapIterator<Key> {
    return this.#entries.keys();
  }

  values(): MapIterator<Value> {
    return this.#entries.values();
  }

  /** In the order in which they were added. Adding while one goes through them is not meant. */
  [Symbol.iterator](): MapIterator<[Key, Value]> {
    return this.#entries.entries();
  }
}
