/** Floats with an integral value, boxed so that `2.0` stays different from `2`. */
import { LispyError } from '../errors.ts';

/** A float whose value has no fraction; every other float is a plain JavaScript number. */
export class LispyFloat {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** A float as a value: plain where it has a fraction, boxed where it has none, an error where it is not finite. */
export const float = (value: number): number | LispyFloat => {
  if (Number.isInteger(value)) return new LispyFloat(value);
  if (Number.isFinite(value)) return value;
  throw new LispyError('arithmetic', `Result is not a finite number (${value})`);
};

/** An integer as a value: a JavaScript number while that is exact, else a bigint. */
export const integer = (value: bigint): number | bigint =>
  value >= -9007199254740991n && value <= 9007199254740991n ? Number(value) : value;
