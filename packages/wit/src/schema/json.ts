// JSON as this package sees it: the schemas it writes and the values it reads.

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON Schema, draft 2020-12. */
export type JsonSchema = { readonly [keyword: string]: Json };

/** Where a schema keeps what plain JSON Schema cannot say of a WIT type: the name of a primitive, or `result`. */
export const ANNOTATION = 'x-wit';

/** Tells whether a value is a JSON object: not null, not an array. */
export function isObject(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
