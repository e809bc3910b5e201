// A stranger's JSON: read by shape, and written in the one form that TUF signs.
import { Refused } from './refused.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** @throws Refused `malformed` */
export function parseObject(bytes: Uint8Array, file: string): JsonObject {
  try {
    return toObject(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)), file);
  } catch (cause) {
    if (cause instanceof Refused) throw cause;
    throw new Refused('malformed', `The registry's ${file} is no JSON`, { cause });
  }
}

export function toObject(value: unknown, file: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new Refused('malformed', `The registry's ${file} lacks an object where one belongs`);
}

export function toList(value: Json | undefined, file: string): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw new Refused('malformed', `The registry's ${file} lacks a list where one belongs`);
}

export function toText(value: Json | undefined, file: string): string {
  if (typeof value === 'string') return value;
  throw new Refused('malformed', `The registry's ${file} lacks a text where one belongs`);
}

/** A whole number, not below zero. */
export function toCount(value: Json | undefined, file: string): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new Refused('malformed', `The registry's ${file} lacks a whole number where one belongs`);
}

/** A field of its own, never one of Object's prototype. */
export function fieldOf(object: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** Canonical JSON as TUF signs it: sorted keys, no spaces, whole numbers, and of a text only `\` and `"` escaped. */
export function toCanonicalJson(value: Json, file: string): string {
  if (typeof value === 'string') return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new Refused('malformed', `The registry's ${file} has the number ${value}; what is signed has whole ones`);
  }
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => toCanonicalJson(item, file)).join(',')}]`;
  const pairs = Object.entries(value as JsonObject)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${toCanonicalJson(key, file)}:${toCanonicalJson(item, file)}`);
  return `{${pairs.join(',')}}`;
}
