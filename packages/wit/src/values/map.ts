// Compiles maps: `Map` in components (seen in the glue of jco-transpile 0.15), in JSON objects under the keys' texts.
import type { Primitive } from '../resolved.ts';
import type { Json } from '../schema/json.ts';
import type { Codec } from './codec.ts';
import { describeValue } from './errors.ts';
import { textBytes } from './json-bytes.ts';
import { isPlainObject } from './objects.ts';
import { fail, report, reportAt, tooLarge, type Walk } from './walk.ts';

/** The codec of a map. Its keys in JSON are texts: decimal for integers, `true` and `false`, or themselves. */
export function map(keyType: Primitive, key: Codec, value: Codec): Codec {
  const isText = keyType === 'string' || keyType === 'char';
  const isBool = keyType === 'bool';
  /** The JSON of the key whose text this is; the text itself, which no key codec takes, where it is none. */
  const fromText = (text: string): unknown => {
    if (isText) return text;
    if (isBool) return text === 'true' ? true : text === 'false' ? false : text;
    if (keyType === 'u64' || keyType === 's64') return text;
    return INTEGER.test(text) ? Number(text) : text;
  };

  return {
    fromJson(given, walk) {
      if (!isPlainObject(given)) return fail(walk, 'an object (map)', given) ?? null;
      const names = Object.keys(given);
      if (!enter(walk, names.length)) return null;
      const made = new Map<unknown, unknown>();
      const at = walk.depth++;
      for (const name of names) {
        walk.path[at] = name;
        const entryKey = key.fromJson(fromText(name), walk);
        made.set(entryKey, value.fromJson(given[name], walk));
      }
      walk.depth = at;
      return made;
    },
    toJson(given, walk) {
      if (!(given instanceof Map)) return fail(walk, 'a Map', given) ?? null;
      const made: { [name: string]: Json } = {};
      let size = 0;
      for (const [entryKey, entry] of given as ReadonlyMap<unknown, unknown>) {
        // Each at a time: a map of a hostile class need not end.
        if (!enter(walk, ++size)) return null;
        const name = String(inside(walk, describeKey(entryKey), key, entryKey));
        if (Object.hasOwn(made, name)) reportAt(walk, name, 'each key once', 'a key again');
        define(made, name, inside(walk, name, value, entry));
      }
      return made;
    },
    measure(given) {
      const entries = given as ReadonlyMap<unknown, unknown>;
      let bytes = 2 + Math.max(0, entries.size - 1);
      for (const [entryKey, entry] of entries) {
        bytes += 1 + value.measure(entry) + (isText ? textBytes(entryKey as string) : String(entryKey).length + 2);
      }
      return bytes;
    },
  };
}

/** Integers as they are written: `-0` and `01` are none. */
const INTEGER = /^(0|-?[1-9][0-9]{0,9})$/;

function enter(walk: Walk, items: number): boolean {
  walk.seen += 2;
  if (walk.seen > walk.maxBytes) tooLarge(walk);
  if (items <= walk.maxItems) return true;
  report(walk, `at most ${walk.maxItems} entries`, `${items} entries`);
  return false;
}

function inside(walk: Walk, at: string, codec: Codec, value: unknown): Json {
  walk.path[walk.depth++] = at;
  const made = codec.toJson(value, walk);
  walk.depth--;
  return made;
}

function describeKey(key: unknown): string {
  return typeof key === 'string' ? key : describeValue(key);
}

/** Assigning to `__proto__` would set the prototype instead. */
function define(object: { [name: string]: Json }, name: string, value: Json): void {
  if (name !== '__proto__') object[name] = value;
  else Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}
