// What checks say when something is not as the spec has it: what was wanted, and what came.

/** What was asked, wanted and given does not fit together. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
}

/** @throws CheckFailure */
export function equal(got: unknown, wanted: unknown, what: string): void {
  if (stable(got) !== stable(wanted)) throw new CheckFailure(`${what}: wanted ${show(wanted)}, got ${show(got)}`);
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

/** The value as an object. @throws CheckFailure */
export function object(value: unknown, what: string): { readonly [key: string]: unknown } {
  ok(typeof value === 'object' && value !== null && !Array.isArray(value), `${what} is no JSON object: ${show(value)}`);
  return value as { readonly [key: string]: unknown };
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

const LONGEST = 300;

export function show(value: unknown): string {
  const written = value === undefined ? 'nothing' : JSON.stringify(value);
  return written.length > LONGEST ? `${written.slice(0, LONGEST)}…` : written;
}

/** Keys in order, so that two objects with the same content are the same text. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
