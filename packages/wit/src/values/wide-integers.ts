// Compiles u64 and s64: BigInt in components, in JSON a number where that is safe and else the decimal text.
import { S64_PATTERN, U64_PATTERN, WIDE_INTEGERS } from '../schema/numbers.ts';
import type { Codec } from './codec.ts';
import { fail, type Walk } from './walk.ts';

const LARGEST_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
/** Longer texts are not even matched: 20 digits, or a sign and 19. */
const LONGEST = 20;

/** The codec of a 64-bit integer. */
export function wideInteger(name: 'u64' | 's64'): Codec {
  const [least, most] = WIDE_INTEGERS[name];
  const pattern = new RegExp(name === 'u64' ? U64_PATTERN : S64_PATTERN);
  const lowest = name === 'u64' ? 0 : Number.MIN_SAFE_INTEGER;
  const expected = `an integer (${name}), beyond ${Number.MAX_SAFE_INTEGER} as decimal text`;

  const fromJson = (value: unknown, walk: Walk): bigint => {
    walk.seen++;
    if (typeof value === 'number') {
      if (Number.isSafeInteger(value) && value >= lowest) return BigInt(value);
    } else if (typeof value === 'string' && value.length <= LONGEST && pattern.test(value)) {
      const integer = BigInt(value);
      if (integer >= least && integer <= most) return integer;
    }
    fail(walk, expected, value);
    return 0n;
  };
  const toJson = (value: unknown, walk: Walk): number | string => {
    walk.seen++;
    if (typeof value === 'bigint' && value >= least && value <= most) return wideToJson(value);
    fail(walk, `a BigInt (${name})`, value);
    return 0;
  };
  return { fromJson, toJson, measure: (value) => wideBytes(value as bigint) };
}

/** The JSON form of a 64-bit integer. */
export function wideToJson(value: bigint): number | string {
  return isSafe(value) ? Number(value) : String(value);
}

/** The bytes of that form. */
export function wideBytes(value: bigint): number {
  return isSafe(value) ? String(Number(value)).length : String(value).length + 2;
}

function isSafe(value: bigint): boolean {
  return value <= LARGEST_SAFE && value >= -LARGEST_SAFE;
}
