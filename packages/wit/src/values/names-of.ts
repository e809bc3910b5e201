// Compiles enums and flags: names out of a fixed list.
import type { Codec } from './codec.ts';
import { describeValue } from './errors.ts';
import { textBytes } from './json-bytes.ts';
import { toCamelCase } from './names.ts';
import { isPlainObject, lengthOf, ownValue, strangeKey } from './objects.ts';
import { fail, reportAt, type Walk } from './walk.ts';

/** The codec of an enum: the WIT name of the case on both sides. */
export function enumeration(names: readonly string[]): Codec {
  const known = new Set<unknown>(names);
  const expected = `one of ${names.map((name) => `"${name}"`).join(', ')}`;
  const read = (value: unknown, walk: Walk): string => {
    walk.seen++;
    if (known.has(value)) return value as string;
    fail(walk, expected, value);
    return '';
  };
  return { fromJson: read, toJson: read, measure: (value) => textBytes(value as string) };
}

/**
 * The codec of flags: in JSON the array of those that are set, in components an object of booleans in camel case.
 * JSON may name them in any order; it is given in the declared one. A missing boolean is false, as jco's types say.
 */
export function flags(names: readonly string[]): Codec {
  const keys = names.map(toCamelCase);
  const keyOf = new Map(names.map((name, index) => [name, keys[index] as string]));
  const known = new Set(keys);
  const nameBytes = names.map((name) => textBytes(name) + 1);
  const expected = names.length === 0 ? 'nothing' : `one of ${names.map((name) => `"${name}"`).join(', ')}`;

  return {
    fromJson(value, walk) {
      if (!Array.isArray(value)) return fail(walk, 'an array of names (flags)', value) ?? null;
      walk.seen += 2;
      const set: { [key: string]: boolean } = {};
      for (const key of keys) set[key] = false;
      const length = lengthOf(value);
      // Names are unique, so that there cannot be more than there are flags.
      if (length > names.length) return fail(walk, `at most ${names.length} names (flags)`, value) ?? null;
      for (let index = 0; index < length; index++) {
        const name: unknown = value[index];
        const key = typeof name === 'string' ? keyOf.get(name) : undefined;
        if (key === undefined) reportAt(walk, index, expected, describeValue(name));
        else if (set[key]) reportAt(walk, index, 'each name once', `"${name}" again`);
        else set[key] = true;
      }
      return set;
    },
    toJson(value, walk) {
      if (!isPlainObject(value)) return fail(walk, 'an object of booleans (flags)', value) ?? null;
      walk.seen += 2;
      const strange = strangeKey(value, known);
      if (strange !== undefined) reportAt(walk, strange, 'only flags of the type', 'another key');
      const set: string[] = [];
      for (const [index, name] of names.entries()) {
        const isSet = ownValue(value, keys[index] as string);
        if (isSet === true) set.push(name);
        else if (isSet !== false && isSet !== undefined) reportAt(walk, name, 'true or false', describeValue(isSet));
      }
      return set;
    },
    measure(value) {
      let bytes = 1;
      for (let index = 0; index < keys.length; index++) {
        const isSet = ownValue(value as { readonly [key: string]: unknown }, keys[index] as string);
        if (isSet === true) bytes += nameBytes[index] as number;
      }
      return bytes === 1 ? 2 : bytes;
    },
  };
}
