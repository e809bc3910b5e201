// Scalars whose values are the same on both sides: records are read without a call for each of them.

/** Which values of a scalar type are right as they are. Anything else, and only that, is asked of the type's codec. */
export type Scalar = { readonly kind: number; readonly least: number; readonly most: number };

const NONE = 0;
const TEXT_KIND = 1;
const BOOL_KIND = 2;
const DOUBLE_KIND = 3;
const SINGLE_KIND = 4;
const INTEGER_KIND = 5;

/** Of a type that is none of these. */
export const ASK = scalar(NONE);
export const TEXT = scalar(TEXT_KIND);
export const BOOL = scalar(BOOL_KIND);
export const DOUBLE = scalar(DOUBLE_KIND);

/** Floats that are exact in 32 bits. */
export function singleUpTo(most: number): Scalar {
  return scalar(SINGLE_KIND, -most, most);
}

export function integerFrom(least: number, most: number): Scalar {
  return scalar(INTEGER_KIND, least, most);
}

/** All of one shape, with bounds that no number is within where there are none. */
function scalar(kind: number, least = Number.POSITIVE_INFINITY, most = Number.NEGATIVE_INFINITY): Scalar {
  return { kind, least, most };
}

/**
 * What a value counts in a pass if it is right as it is: at least 1, and 0 for one whose codec has to be asked. The
 * checks are those of the codecs, which say what is wrong with the others.
 */
export function countOf(value: unknown, scalar: Scalar): number {
  const { kind } = scalar;
  if (typeof value === 'number') {
    // -0 has a form of its own in JSON.
    if (value === 0 && 1 / value < 0) return 0;
    if (kind === DOUBLE_KIND) return value - value === 0 ? 1 : 0;
    if (kind < SINGLE_KIND || !(value >= scalar.least && value <= scalar.most)) return 0;
    return (kind === INTEGER_KIND ? Math.floor(value) : Math.fround(value)) === value ? 1 : 0;
  }
  if (typeof value === 'string') return kind === TEXT_KIND && value.isWellFormed() ? value.length + 2 : 0;
  return typeof value === 'boolean' && kind === BOOL_KIND ? 1 : 0;
}
