// What checks say when something is not as the spec has it: what was wanted, and what came.
import { isDeepStrictEqual } from 'node:util';

/** What was asked, wanted and given does not fit together. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
}

/** As JSON has it: the order of keys means nothing, 1.0 is 1, -0 is 0. @throws CheckFailure */
export function equal(got: unknown, wanted: unknown, what: string): void {
  if (!isDeepStrictEqual(plain(got), plain(wanted))) {
    throw new CheckFailure(`${what}: wanted ${show(wanted)}, got ${show(got)}`);
  }
}

/** @throws CheckFailure */
export function ok(holds: boolean, what: string): asserts holds {
  if (!holds) throw new CheckFailure(what);
}

/** @throws CheckFailure */
export function oneOf(got: unknown, wanted: readonly unknown[], what: string): void {
  if (!wanted.includes(got)) {
    throw new CheckFailure(`${what}: wanted one of ${wanted.map(show).join(', ')}, got ${show(got)}`);
  }
}

export type JsonObject = { readonly [key: string]: unknown };

/** The value as an object. @throws CheckFailure */
export function object(value: unknown, what: string): JsonObject {
  ok(typeof value === 'object' && value !== null && !Array.isArray(value), `${what} is no JSON object: ${show(value)}`);
  return value as JsonObject;
}

/** The value as a text that is not empty. @throws CheckFailure */
export function text(value: unknown, what: string): string {
  ok(typeof value === 'string' && value !== '', `${what} is no text: ${show(value)}`);
  return value;
}

/** The value as a list. @throws CheckFailure */
export function list(value: unknown, what: string): readonly unknown[] {
  ok(Array.isArray(value), `${what} is no list: ${show(value)}`);
  return value;
}

/** The value as a list of objects. @throws CheckFailure */
export function objects(value: unknown, what: string): readonly JsonObject[] {
  return list(value, what).map((each) => object(each, `one of ${what}`));
}

/** The time in milliseconds. @throws CheckFailure unless it is a text that says when */
export function time(value: unknown, what: string): number {
  const at = Date.parse(text(value, what));
  ok(!Number.isNaN(at), `${what} is no time: ${show(value)}`);
  return at;
}

const LONGEST = 300;
const NOT_THERE = '\u0000 is not there';

/** A value for people, cut short. */
export function show(value: unknown): string {
  const written = value === undefined ? 'nothing' : toText(value);
  return written.length > LONGEST ? `${written.slice(0, LONGEST)}…` : written;
}

function toText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // Nested deeper than can be written.
    return Object.prototype.toString.call(value);
  }
}

/**
 * What checks compare with is made by programs: it goes through JSON once, like everything that was sent. What is not
 * there stays so in a list, where JSON would have null.
 */
function plain(value: unknown): unknown {
  if (value === undefined) return undefined;
  return JSON.parse(
    JSON.stringify(value, function (this: unknown, _key, each: unknown) {
      return each === undefined && Array.isArray(this) ? NOT_THERE : each;
    }),
  );
}
