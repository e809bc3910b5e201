/** Walking structures of any depth without recursion, and finding the cycles that mutation can make. */
import { LispyError, limitError } from '../errors.ts';
import type { Meter } from '../limits.ts';
import { arrayEnd, carOf, EMPTY, endOf, List, Pair } from './list.ts';
import { LispyMap } from './map.ts';
import type { Value } from './value.ts';

/** The items of a list one by one; `tail` is what the chain ends in, once `next` has given `undefined`. */
export class Items {
  #at: Value;
  #index = 0;
  #end = 0;
  #values: Value[] | undefined;

  constructor(list: Value) {
    this.#at = list;
    this.#enter();
  }

  #enter(): void {
    if (!(this.#at instanceof List)) return;
    this.#end = arrayEnd(this.#at);
    this.#index = this.#at.start;
    this.#values = this.#at.values;
  }

  next(): Value | undefined {
    for (;;) {
      if (this.#values !== undefined) {
        if (this.#index < this.#end) return this.#values[this.#index++]!;
        this.#at = endOf(this.#at as List);
        this.#values = undefined;
        this.#enter();
      } else if (this.#at instanceof Pair) {
        const { car, cdr } = this.#at;
        this.#at = cdr;
        this.#enter();
        return car;
      } else return undefined;
    }
  }

  get tail(): Value {
    return this.#at;
  }
}

const cycleError = (): LispyError => new LispyError('cycle', 'Structure contains itself');

/**
 * All items of a proper list as an array, which the caller must not change: it may be the list's own.
 *
 * @throws LispyError `items` where there are more than the limit; `type` through `improper` where it is no list.
 */
export const toArray = (list: Value, meter: Meter, improper: (value: Value) => LispyError): Value[] => {
  if (list === EMPTY || list === null) return [];
  if (list instanceof List && list.end === list.values.length && endOf(list) === EMPTY) {
    meter.charge(1);
    return list.start === 0 ? list.values : list.values.slice(list.start);
  }
  if (!(list instanceof List || list instanceof Pair)) throw improper(list);
  const array: Value[] = [];
  // Most lists that are no arrays are chains of pairs throughout.
  let at: Value = list;
  while (at instanceof Pair && array.length <= meter.limits.items) {
    array.push(at.car);
    at = at.cdr;
  }
  const items = new Items(at);
  for (let item = items.next(); item !== undefined; item = items.next()) {
    array.push(item);
    if (array.length > meter.limits.items) {
      checkAcyclic(list);
      throw limitError('items', meter.limits.items, 'list has too many items');
    }
  }
  meter.charge(array.length);
  if (items.tail !== EMPTY && items.tail !== null) throw improper(list);
  return array;
};

/** Counts what a conversion visits; where it is suspiciously much or deep, looks for a cycle once. */
export class Visits {
  readonly #root: Value;
  readonly #meter: Meter;
  #count = 0;
  #checked = false;

  constructor(root: Value, meter: Meter) {
    this.#root = root;
    this.#meter = meter;
  }

  visit(depth: number): void {
    this.#count++;
    if ((this.#count & 63) === 0) this.#meter.charge(64);
    if (this.#checked ? this.#count > this.#meter.limits.items : this.#count > 20_000 || depth > 2_000) {
      if (this.#checked) throw limitError('items', this.#meter.limits.items, 'structure has too many parts');
      this.#checked = true;
      checkAcyclic(this.#root);
    }
  }
}

/** What leads further down from a cell, as a key that is the same for the same cell. */
type Step = { readonly leave: () => void; readonly children: Iterator<Value> };

/** Throws a `cycle` error where a structure contains itself. Linear in its size. */
const checkAcyclic = (root: Value): void => {
  const open = new Map<object, Set<number>>();
  const done = new Map<object, Set<number>>();
  const stack: Step[] = [];
  const enter = (value: Value): void => {
    if (!(value instanceof List || value instanceof Pair || value instanceof LispyMap)) return;
    // Asking for the end moves the window to where its items are.
    if (value instanceof List) arrayEnd(value);
    const object: object = value instanceof List ? value.values : value;
    const index = value instanceof List ? value.start : 0;
    if (open.get(object)?.has(index)) throw cycleError();
    if (done.get(object)?.has(index)) return;
    addTo(open, object, index);
    stack.push({
      children: childrenOf(value),
      leave: () => {
        open.get(object)!.delete(index);
        addTo(done, object, index);
      },
    });
  };
  enter(root);
  for (let step = stack.at(-1); step; step = stack.at(-1)) {
    const child = step.children.next();
    if (child.done) {
      step.leave();
      stack.pop();
    } else enter(child.value);
  }
};

const addTo = (sets: Map<object, Set<number>>, key: object, index: number): void => {
  const known = sets.get(key);
  if (known) known.add(index);
  else sets.set(key, new Set([index]));
};

function* childrenOf(value: List | Pair | LispyMap): Generator<Value> {
  if (value instanceof LispyMap) yield* value.entries().values();
  else if (value instanceof Pair) {
    yield carOf(value);
    yield value.cdr;
  } else {
    const end = arrayEnd(value);
    for (let index = value.start; index < end; index++) yield value.values[index]!;
    yield endOf(value);
  }
}
