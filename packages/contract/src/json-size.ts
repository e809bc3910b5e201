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

/** How deep lists and objects may be nested in a value that crosses a boundary: every language can take that much. */
export const MOST_JSON_DEPTH = 500;

/**
 * Tells whether a value's JSON text is at most `limit` bytes. A small one is settled by an upper bound without
 * writing any text. A value nested deeper than {@link MOST_JSON_DEPTH} never fits.
 */
export function fitsJsonSize(value: Json, limit: number): boolean {
  const bound = upperBound(value, 0);
  return bound <= limit || (bound !== TOO_DEEP && jsonSize(value) <= limit);
}

/** Tells whether a value is nested deeper than {@link MOST_JSON_DEPTH}. */
export function isTooDeep(value: Json): boolean {
  return upperBound(value, 0) === TOO_DEEP;
}

const LONGEST_ESCAPE = 6;
const LONGEST_NUMBER = 25;
const TOO_DEEP = Number.POSITIVE_INFINITY;

/** At least the size of the value's text. */
function upperBound(value: Json, depth: number): number {
  if (typeof value === 'string') return value.length * LONGEST_ESCAPE + 2;
  if (typeof value !== 'object' || value === null) return LONGEST_NUMBER;
  if (depth >= MOST_JSON_DEPTH) return TOO_DEEP;
  let size = 2;
  if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) {
      size += upperBound(item, depth + 1) + 1;
      if (size === TOO_DEEP) return size;
    }
    return size;
  }
  const object = value as { readonly [key: string]: Json };
  for (const key in object) {
    size += key.length * LONGEST_ESCAPE + 4 + upperBound(object[key] as Json, depth + 1);
    if (size === TOO_DEEP) return size;
  }
  return size;
}
