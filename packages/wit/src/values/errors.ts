// What is wrong with a value: every refusal of this folder is a WitValueError with the place and both sides of it.

/** One thing wrong with a value. */
export type WitViolation = {
  /** JSON pointer into the JSON form of the value, in both directions: `/fields/0/value`. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
};

/** A value that does not have its WIT type. */
export class WitValueError extends Error {
  override readonly name = 'WitValueError';
  readonly path: string;
  readonly expected: string;
  readonly got: string;

  constructor(violation: WitViolation, options?: { cause?: unknown }) {
    const { path, expected, got } = violation;
    super(`${path === '' ? 'The value' : `The value at "${path}"`} is ${got}; expected ${expected}`, options);
    this.path = path;
    this.expected = expected;
    this.got = got;
  }
}

const LONGEST_QUOTE = 40;

/** A value as an error names it: short, and without running any code of the value. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string': {
      const text = value.length > LONGEST_QUOTE ? `${value.slice(0, LONGEST_QUOTE)}…` : value;
      return `the text ${JSON.stringify(text)}`;
    }
    case 'number':
      return `the number ${Object.is(value, -0) ? '-0' : value}`;
    case 'bigint':
      return value >= -(2n ** 64n) && value <= 2n ** 64n ? `the integer ${value}n` : 'an integer beyond 64 bits';
    case 'undefined':
      return 'missing';
    case 'boolean':
      return String(value);
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'an array' : 'an object';
    default:
      return `a ${typeof value}`;
  }
}
