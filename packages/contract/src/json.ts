// JSON values: the only data that crosses a boundary between components.

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** A JSON Schema, draft 2020-12 (draft 7 is accepted where `$schema` says so). */
export type JsonSchema = JsonObject;

/**
 * Tells whether a value is a JSON object: not null, not an array.
 *
 * @example
 * isJsonObject({ city: 'Oslo' }); // true
 */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
