/** The two errors that builtins raise most: a value of another type, and a value out of range. */
import { LispyError } from './errors.ts';
import { describe } from './print.ts';
import { typeName, type Value } from './values/value.ts';

/** `name` wanted something else: says what was expected and what came. */
export const typeError = (name: string, expected: string, value: Value): LispyError => {
  const got = `${typeName(value)} ${describe(value)}`;
  return new LispyError('type', `"${name}" expects ${expected}, got ${got}`, { expected, got: typeName(value) });
};

/** A value of the right type that makes no sense here. */
export const rangeError = (text: string): LispyError => new LispyError('range', text);
