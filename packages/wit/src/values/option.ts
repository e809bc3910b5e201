// Compiles options, where JSON's null and JavaScript's undefined each can mean only one thing.
import type { Json } from '../schema/json.ts';
import type { Codec } from './codec.ts';
import { describeValue } from './errors.ts';
import { isPlainObject, ownValue } from './objects.ts';
import { fail, reportAt, type Walk } from './walk.ts';

/**
 * The codec of an option that stands over `depth - 1` others (1: its payload is no option).
 *
 * jco's glue (seen in jco-transpile 0.15) gives `value | undefined`, but `{ tag: 'none' } | { tag: 'some', val }` where
 * the payload may itself be undefined; over such a tagged one, undefined is free again: every second option is tagged.
 * JSON wraps each option over another one: null, or `{ "some": … }`.
 */
export function option(payload: Codec, depth: number): Codec {
  const isTagged = depth % 2 === 0;
  const json = depth === 1 ? direct(payload) : wrapped(payload);
  const component = isTagged ? tagged : untagged;
  return {
    fromJson: (value, walk) => (value === null ? component.none() : component.some(json.read(value, walk))),
    toJson: (value, walk) => {
      const found = component.look(value, walk);
      return found === undefined ? null : json.write(found.value, walk);
    },
    measure: (value) => {
      const found = component.open(value);
      return found === undefined ? 4 : json.bytes + payload.measure(found.value);
    },
    optional: { inComponent: !isTagged },
  };
}

type Some = { readonly value: unknown };

/** How components hold an option. */
type Holder = {
  none(): unknown;
  some(value: unknown): unknown;
  /** What is held, checked. */
  look(value: unknown, walk: Walk): Some | undefined;
  /** What is held, known to be right. */
  open(value: unknown): Some | undefined;
};

const untagged: Holder = {
  none: () => undefined,
  some: (value) => value,
  look: (value) => (value === undefined ? undefined : { value }),
  open: (value) => (value === undefined ? undefined : { value }),
};

const tagged: Holder = {
  none: () => ({ tag: 'none' }),
  some: (value) => ({ tag: 'some', val: value }),
  look(value, walk) {
    if (!isPlainObject(value)) return fail(walk, 'an object with "tag" and "val" (option)', value);
    const tag = ownValue(value, 'tag');
    const isNone = tag === 'none';
    if (!isNone && tag !== 'some') return reportAt(walk, 'tag', '"none" or "some"', describeValue(tag));
    for (const key in value) {
      if (key !== 'tag' && key !== 'val') return reportAt(walk, key, 'only "tag" and "val"', 'another key');
    }
    const val = ownValue(value, 'val');
    if (!isNone) return { value: val };
    return val === undefined ? undefined : reportAt(walk, 'some', 'nothing beside "none"', describeValue(val));
  },
  open: (value) => {
    const { tag, val } = value as { readonly tag: string; readonly val?: unknown };
    return tag === 'some' ? { value: val } : undefined;
  },
};

/** How JSON writes what is there. */
type Writing = {
  read(value: unknown, walk: Walk): unknown;
  write(value: unknown, walk: Walk): Json;
  readonly bytes: number;
};

function direct(payload: Codec): Writing {
  return { read: payload.fromJson, write: payload.toJson, bytes: 0 };
}

function wrapped(payload: Codec): Writing {
  return {
    read(value, walk) {
      if (!isPlainObject(value)) return fail(walk, 'null or an object with "some" (option of an option)', value);
      walk.seen += 2;
      const keys = Object.keys(value);
      if (keys.length !== 1 || keys[0] !== 'some') return fail(walk, 'an object with "some" alone', value);
      walk.path[walk.depth++] = 'some';
      const made = payload.fromJson(value.some, walk);
      walk.depth--;
      return made;
    },
    write(value, walk) {
      walk.seen += 2;
      walk.path[walk.depth++] = 'some';
      const some = payload.toJson(value, walk);
      walk.depth--;
      return { some };
    },
    bytes: '{"some":}'.length,
  };
}
