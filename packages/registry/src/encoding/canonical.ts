// Canonical JSON (RFC 8785 for what is signed here: texts, booleans, whole numbers): equal values have equal bytes.
import { type Json, PypesError } from '@pypes/contract';

/**
 * The canonical text of a value: keys sorted, no spaces.
 *
 * @throws PypesError `invalid_request` for a number that is not a safe integer: floats have no place in signed data
 */
export function toCanonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new PypesError('invalid_request', `Signed data takes whole numbers only, got ${value}`);
  }
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(toCanonicalJson).join(',')}]`;
  const pairs = Object.entries(value as { readonly [key: string]: Json })
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${toCanonicalJson(item)}`);
  return `{${pairs.join(',')}}`;
}
