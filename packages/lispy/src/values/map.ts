/** Maps: persistent for `dict-set`/`assoc`, mutable for `dict-set!`, in insertion order, with plain data keys only. */
import { LispyFloat } from './float.ts';
import type { LispySymbol } from './symbol.ts';
import type { Value } from './value.ts';

/** A map key after normalisation: integral floats equal their integers, long strings are joined. */
export type MapKey = null | boolean | number | bigint | string | LispySymbol;

/**
 * Versions of a map share one store. The newest version holds it; an older one holds the entry in which it differs
 * from its neighbour (Baker's rerooting), so that building a map step by step costs O(1) a step.
 */
type Node = { store: Map<MapKey, Value> | undefined; key: MapKey; value: Value | undefined; next: Node | undefined };

const absent = undefined;

/** A map value. */
export class LispyMap {
  #node: Node;
  /** Whether another map was derived from this one, so that changing it in place must copy first. */
  #derived = false;
  /** For a map literal that was quoted or returned as a constant: nothing else distinguishes it. */
  constructor(store: Map<MapKey, Value> = new Map()) {
    this.#node = { store, key: null, value: absent, next: absent };
  }

  /** The entries of this version. Do not keep it across changes. */
  entries(): ReadonlyMap<MapKey, Value> {
    return this.#store();
  }

  get size(): number {
    return this.#store().size;
  }

  get(key: MapKey): Value | undefined {
    return this.#store().get(key);
  }

  has(key: MapKey): boolean {
    return this.#store().has(key);
  }

  /** How many entries must be moved before this version can be read; what a reader has to be charged. */
  get distance(): number {
    let count = 0;
    for (let node: Node | undefined = this.#node; node && node.store === undefined; node = node.next) count++;
    return count;
  }

  /** A new map with one entry more or changed. */
  with(key: MapKey, value: Value): LispyMap {
    const store = this.#store();
    const newest: Node = { store, key: null, value: absent, next: absent };
    const old = this.#node;
    old.key = key;
    old.value = store.get(key);
    old.store = undefined;
    old.next = newest;
    store.set(key, value);
    const made = new LispyMap(store);
    made.#node = newest;
    this.#derived = true;
    made.#derived = true;
    return made;
  }

  /** A new map without these keys. */
  without(keys: readonly MapKey[]): LispyMap {
    const store = new Map(this.#store());
    for (const key of keys) store.delete(key);
    return new LispyMap(store);
  }

  /** How many entries a change in place has to copy first. */
  get copyCost(): number {
    return this.#derived ? this.size : 0;
  }

  set(key: MapKey, value: Value): void {
    this.#own().set(key, value);
  }

  delete(key: MapKey): void {
    this.#own().delete(key);
  }

  clear(): void {
    this.#node = { store: new Map(), key: null, value: absent, next: absent };
    this.#derived = false;
  }

  #own(): Map<MapKey, Value> {
    const store = this.#store();
    if (!this.#derived) return store;
    const copy = new Map(store);
    this.#node = { store: copy, key: null, value: absent, next: absent };
    this.#derived = false;
    return copy;
  }

  #store(): Map<MapKey, Value> {
    return this.#node.store ?? reroot(this.#node);
  }
}

/** Makes `node` the version that holds the store, turning every difference on the way around. */
const reroot = (node: Node): Map<MapKey, Value> => {
  const path: Node[] = [];
  let holder = node;
  while (holder.store === undefined) {
    path.push(holder);
    holder = holder.next!;
  }
  const store = holder.store;
  for (let at = path.length - 1; at >= 0; at--) {
    const step = path[at]!;
    const { key, value } = step;
    holder.key = key;
    holder.value = store.get(key);
    holder.store = undefined;
    holder.next = step;
    if (value === absent) store.delete(key);
    else store.set(key, value);
    step.store = store;
    step.next = absent;
    step.value = absent;
    holder = step;
  }
  return store;
};

/** Orders keys for output that must not depend on insertion: by type, then by value. */
export const compareKeys = (left: MapKey, right: MapKey): number => {
  const [a, b] = [keyText(left), keyText(right)];
  return a < b ? -1 : a > b ? 1 : 0;
};

/** A key as the text of a JSON object key. */
export const keyText = (key: MapKey): string => {
  if (key === null) return 'nil';
  if (typeof key === 'string') return key;
  if (typeof key === 'object') return key.name;
  return String(key);
};

/** The key back as a value. */
export const keyValue = (key: MapKey): Value => key;

/** The key that a value stands for, or `undefined` where the value cannot be a key. */
export const plainKey = (value: Value): MapKey | undefined => {
  if (value instanceof LispyFloat) return value.value === 0 ? 0 : value.value;
  if (value === null || typeof value !== 'object') return value;
  return undefined;
};
