/** The tasks behind map, filter, reduce and for-each: plain loops as long as the procedure needs no frame. */

import { listOf } from '../values/list.ts';
import { isTrue, type Value } from '../values/value.ts';
import { CALL, DONE, PAUSE, Task } from './control.ts';
import type { Operand } from './instruction.ts';
import type { Machine } from './machine.ts';
import { leafBase, leafOf, quick1, quick2 } from './quick.ts';

/** Applies a procedure to the items of one list, one after the other. */
abstract class ItemsTask extends Task {
  readonly #fn: Value;
  readonly #items: readonly Value[];
  #index = 0;

  constructor(fn: Value, items: readonly Value[]) {
    super();
    this.#fn = fn;
    this.#items = items;
  }

  /** Takes the result for an item; false where that was enough. */
  protected abstract take(result: Value, item: Value): boolean;
  protected abstract finish(machine: Machine): Value;

  accept(value: Value): void {
    if (!this.take(value, this.#items[this.#index++]!)) this.#index = this.#items.length;
  }

  advance(machine: Machine): number {
    const items = this.#items;
    const fn = this.#fn;
    const leaf = leafOf(machine, fn, 1);
    if (leaf !== undefined) return this.#advanceLeaf(leaf, machine);
    for (; this.#index < items.length; this.#index++) {
      if (machine.fuel <= 0) return PAUSE;
      const item = items[this.#index]!;
      const result = quick1(machine, fn, item);
      if (result === undefined) {
        machine.callee = fn;
        machine.operands = [item];
        return CALL;
      }
      if (!this.take(result, item)) break;
    }
    machine.result = this.finish(machine);
    return DONE;
  }

  /** The same for a procedure that calls none: a plain loop. */
  #advanceLeaf(leaf: Operand, machine: Machine): number {
    const items = this.#items;
    const { stack } = machine;
    const base = leafBase(machine);
    let index = this.#index;
    for (; index < items.length; index++) {
      if (--machine.fuel < 0) {
        machine.fuel++;
        this.#index = index;
        return PAUSE;
      }
      const item = items[index]!;
      stack[base + 1] = item;
      if (!this.take(leaf(stack, base, machine), item)) break;
    }
    this.#index = items.length;
    machine.result = this.finish(machine);
    return DONE;
  }
}

/** `map` over one list. */
export class MapTask extends ItemsTask {
  readonly #results: Value[] = [];

  protected take(result: Value): boolean {
    this.#results.push(result);
    return true;
  }

  protected finish(machine: Machine): Value {
    machine.allocate(this.#results.length * 16 + 48);
    return listOf(this.#results);
  }
}

/** `filter` and `remove`. */
export class FilterTask extends ItemsTask {
  readonly #kept: Value[] = [];
  readonly #wanted: boolean;

  constructor(fn: Value, items: readonly Value[], wanted: boolean) {
    super(fn, items);
    this.#wanted = wanted;
  }

  protected take(result: Value, item: Value): boolean {
    if (isTrue(result) === this.#wanted) this.#kept.push(item);
    return true;
  }

  protected finish(machine: Machine): Value {
    machine.allocate(this.#kept.length * 16 + 48);
    return listOf(this.#kept);
  }
}

/** `for-each`: the results are dropped. */
export class EachTask extends ItemsTask {
  protected take(): boolean {
    return true;
  }

  protected finish(): Value {
    return null;
  }
}

/** `find`, `any`, `every`, `index`: stops at the first result that decides. */
export class SearchTask extends ItemsTask {
  readonly #stop: boolean;
  readonly #found: (item: Value, result: Value, index: number) => Value;
  #last: Value;
  #index = 0;

  /** Stops at the first result whose truth is `stop`; `otherwise` is the value where there is none. */
  constructor(
    fn: Value,
    items: readonly Value[],
    stop: boolean,
    otherwise: Value,
    found: (item: Value, result: Value, index: number) => Value,
  ) {
    super(fn, items);
    this.#stop = stop;
    this.#last = otherwise;
    this.#found = found;
  }

  protected take(result: Value, item: Value): boolean {
    if (isTrue(result) !== this.#stop) {
      this.#index++;
      return true;
    }
    this.#last = this.#found(item, result, this.#index);
    return false;
  }

  protected finish(): Value {
    return this.#last;
  }
}

/** `reduce` and the folds. */
export class ReduceTask extends Task {
  readonly #fn: Value;
  readonly #items: readonly Value[];
  readonly #itemFirst: boolean;
  #index: number;
  #value: Value;

  /** Goes on from `value` with the items from `index`; the procedure takes `(value item)` unless told otherwise. */
  constructor(fn: Value, value: Value, items: readonly Value[], index: number, itemFirst: boolean) {
    super();
    this.#fn = fn;
    this.#value = value;
    this.#items = items;
    this.#index = index;
    this.#itemFirst = itemFirst;
  }

  accept(value: Value): void {
    this.#value = value;
    this.#index++;
  }

  advance(machine: Machine): number {
    const items = this.#items;
    const fn = this.#fn;
    const leaf = leafOf(machine, fn, 2);
    if (leaf !== undefined) return this.#advanceLeaf(leaf, machine);
    let value = this.#value;
    for (; this.#index < items.length; this.#index++) {
      if (machine.fuel <= 0) {
        this.#value = value;
        return PAUSE;
      }
      const item = items[this.#index]!;
      const result = this.#itemFirst ? quick2(machine, fn, item, value) : quick2(machine, fn, value, item);
      if (result === undefined) {
        this.#value = value;
        machine.callee = fn;
        machine.operands = this.#itemFirst ? [item, value] : [value, item];
        return CALL;
      }
      value = result;
    }
    machine.result = value;
    return DONE;
  }

  #advanceLeaf(leaf: Operand, machine: Machine): number {
    const items = this.#items;
    const { stack } = machine;
    const base = leafBase(machine);
    const [valueAt, itemAt] = this.#itemFirst ? [base + 2, base + 1] : [base + 1, base + 2];
    let value = this.#value;
    for (let index = this.#index; index < items.length; index++) {
      if (--machine.fuel < 0) {
        machine.fuel++;
        this.#value = value;
        this.#index = index;
        return PAUSE;
      }
      stack[valueAt] = value;
      stack[itemAt] = items[index]!;
      value = leaf(stack, base, machine);
    }
    machine.result = value;
    return DONE;
  }
}
