/** Maps: persistent for `dict-set`/`assoc`, mutable for `dict-set!`, in insertion order, with plain data keys only. */
import type { Meter } from '../limits.ts';
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
  /** Known without moving anything: asking an old version for its size is free. */
  #size: number;
  /** For a map literal that was quoted or returned as a constant: nothing else distinguishes it. */
  constructor(store: Map<MapKey, Value> = new Map()) {
    this.#node = { store, key: null, value: absent, next: absent };
    this.#size = store.size;
  }

  /** The entries of this version. Do not keep it across changes. */
  entries(meter?: Meter): ReadonlyMap<MapKey, Value> {
    meter?.charge(this.distance);
    return this.#store();
  }

  get size(): number {
    return this.#size;
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
    // Made with the store as it is now, so its size is right.
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
    const store = this.#own().set(key, value);
    this.#size = store.size;
  }

  delete(key: MapKey): void {
    const store = this.#own();
    store.delete(key);
    this.#size = store.size;
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
