/** The cell of a variable that is both closed over and assigned. */
import type { Value } from './value.ts';

/** Holds `undefined` until the variable is defined. */
export class Box {
  value: Value | undefined;
  constructor(value: Value | undefined) {
    this.value = value;
  }
}
