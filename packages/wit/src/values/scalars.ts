// Compiles the primitives: booleans, small integers, text and characters.
import { SMALL_INTEGERS, type SmallInteger } from '../schema/numbers.ts';
import type { Codec } from './codec.ts';
import { integerBytes, textBytes } from './json-bytes.ts';
import { BOOL, integerFrom, TEXT } from './scalar.ts';
import { fail, report, tooLarge, type Walk } from './walk.ts';

/** `bool`: true and false. */
export const bool: Codec = {
  fromJson: readBool,
  toJson: readBool,
  measure: (value) => (value === true ? 4 : 5),
  scalar: BOOL,
};

function readBool(value: unknown, walk: Walk): boolean {
  walk.seen++;
  if (typeof value === 'boolean') return value;
  fail(walk, 'true or false', value);
  return false;
}

/** `u8` to `s32`: numbers on both sides. */
export function smallInteger(name: SmallInteger): Codec {
  const [least, most] = SMALL_INTEGERS[name];
  const expected = `an integer from ${least} to ${most} (${name})`;
  const read = (value: unknown, walk: Walk): number => {
    walk.seen++;
    // Zero has no sign here: adding 0 drops it.
    if (typeof value === 'number' && value >= least && value <= most && Math.floor(value) === value) return value + 0;
    fail(walk, expected, value);
    return 0;
  };
  const scalar = integerFrom(least, most);
  return { fromJson: read, toJson: read, measure: (value) => integerBytes(value as number), scalar };
}

/** `string`: text without lone surrogates. */
export const text: Codec = {
  fromJson: readText,
  toJson: readText,
  measure: (value) => textBytes(value as string),
  scalar: TEXT,
};

function readText(value: unknown, walk: Walk): string {
  if (typeof value !== 'string') {
    fail(walk, 'a text (string)', value);
    return '';
  }
  walk.seen += value.length + 2;
  if (walk.seen > walk.maxBytes) tooLarge(walk);
  if (!value.isWellFormed()) report(walk, 'a text of Unicode (string)', 'a text with half of a surrogate pair');
  return value;
}

/** `char`: one Unicode scalar as text. */
export const char: Codec = { fromJson: readChar, toJson: readChar, measure: (value) => textBytes(value as string) };

function readChar(value: unknown, walk: Walk): string {
  walk.seen++;
  if (typeof value === 'string' && isScalar(value)) return value;
  fail(walk, 'a text of one Unicode character (char)', value);
  return '';
}

function isScalar(value: string): boolean {
  if (value.length === 1) return value.isWellFormed();
  return value.length === 2 && (value.codePointAt(0) as number) > 0xffff;
}
