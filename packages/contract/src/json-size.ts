// The size of a value as JSON text, in bytes: what every byte limit and budget counts.
import type { Json } from './json.ts';

const encoder = new TextEncoder();

/**
 * The number of UTF-8 bytes of `JSON.stringify(value)`.
 *
 * @example
 * jsonSize({ a: 'é' }); // 10
 */
export function jsonSize(value: Json): number {
  return encoder.encode(JSON.stringify(value)).length;
}

/**
 * Tells whether a value's JSON text is at most `limit` bytes. Walks the value and gives up at the limit, so that a
 * large value costs no more than the limit; a small one is settled by an upper bound without writing any text.
 */
export function fitsJsonSize(value: Json, limit: number): boolean {
  return upperBound(value, limit) <= limit || jsonSize(value) <= limit;
}

const LONGEST_ESCAPE = 6;
const LONGEST_NUMBER = 25;

/** At least the size of the value's text; stops counting once past `limit`. */
function upperBound(value: Json, limit: number): number {
  if (typeof value === 'string') return value.length * LONGEST_ESCAPE + 2;
  if (typeof value !== 'object' || value === null) return LONGEST_NUMBER;
  let size = 2;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) {
      size += upperBound(item, limit - size) + 1;
      if (size > limit) return size;
    }
    return size;
  }
  const object = value as { readonly [key: string]: Json };
  for (const key in object) {
    size += key.length * LONGEST_ESCAPE + 4 + upperBound(object[key] as Json, limit - size);
    if (size > limit) return size;
  }
  return size;
}
