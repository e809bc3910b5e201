// Compiles records: the hot path of most calls, so the declared order of keys is read without further questions.
import type { Json } from '../schema/json.ts';
import type { Codec } from './codec.ts';
import { describeValue } from './errors.ts';
import { textBytes } from './json-bytes.ts';
import { toCamelCase } from './names.ts';
import { hasExactly, isPlainObject, ownValue, strangeKey } from './objects.ts';
import { ASK, countOf, type Scalar } from './scalar.ts';
import { fail, reportAt, tooLarge, type Walk } from './walk.ts';

/** A field: its WIT name and its type. */
export type CompiledField = { readonly name: string; readonly codec: Codec };

/**
 * The codec of a record: in JSON under its WIT names, in components in camel case. Every field is written, in the
 * declared order, so that all objects of one type have one shape; options may be missing in what is read.
 */
export function record(fields: readonly CompiledField[], componentName = toCamelCase): Codec {
  const labels = fields.map(({ name }) => name);
  const names = labels.map(componentName);
  const json = sideOf(labels, names, fields, 'fromJson');
  const component = sideOf(names, labels, fields, 'toJson');
  const codecs = fields.map(({ codec }) => codec);
  // Objects have something of their own under these names: `constructor`, `toString`.
  const inherited = names.map((name) => name in Object.prototype);
  const fixedBytes =
    2 + Math.max(0, fields.length - 1) + fields.reduce((sum, { name }) => sum + textBytes(name) + 1, 0);

  return {
    fromJson: (value, walk) => read(value, walk, json),
    toJson: (value, walk) => read(value, walk, component) as Json,
    run: {
      fromJson: (items, walk) => readRun(items, walk, json),
      toJson: (items, walk) => readRun(items, walk, component),
    },
    measure(value) {
      const object = value as { readonly [key: string]: unknown };
      let bytes = fixedBytes;
      for (let index = 0; index < codecs.length; index++) {
        const name = names[index] as string;
        bytes += (codecs[index] as Codec).measure(inherited[index] ? ownValue(object, name) : object[name]);
      }
      return bytes;
    },
  };
}

/** One side of a record: what its keys are called there and how its values are read. */
type Side = {
  readonly names: readonly string[];
  /** On the other side. */
  readonly to: readonly string[];
  /** In the paths of violations. */
  readonly labels: readonly string[];
  /** They are called the same on both sides. */
  readonly isSame: boolean;
  readonly known: ReadonlySet<string>;
  readonly scalars: readonly Scalar[];
  readonly reads: readonly ((value: unknown, walk: Walk) => unknown)[];
  /** For each field what stands for a missing value; undefined for a field that has to be there. */
  readonly defaults: readonly ({ readonly value: unknown } | undefined)[];
};

function sideOf(
  names: readonly string[],
  to: readonly string[],
  fields: readonly CompiledField[],
  way: 'fromJson' | 'toJson',
): Side {
  const isJson = way === 'fromJson';
  return {
    names,
    to,
    labels: isJson ? names : to,
    isSame: names.every((name, index) => name === to[index]),
    known: new Set(names),
    scalars: fields.map(({ codec }) => codec.scalar ?? ASK),
    reads: fields.map(({ codec }) => codec[way]),
    defaults: fields.map(({ codec: { optional } }) => {
      if (optional === undefined) return undefined;
      return isJson ? { value: null } : optional.inComponent ? { value: undefined } : undefined;
    }),
  };
}

type Made = { [key: string]: unknown };

function read(value: unknown, walk: Walk, side: Side): Made | null {
  // Who owns it knows that it is plain: asking for its prototype is the slowest part of reading a small record.
  if (walk.isOwned ? typeof value !== 'object' || value === null || Array.isArray(value) : !isPlainObject(value)) {
    fail(walk, 'an object (record)', value);
    return null;
  }
  walk.seen += 2;
  if (walk.seen > walk.maxBytes) tooLarge(walk);
  if (walk.isLook || (walk.isOwned && side.isSame)) return readInPlace(value as Made, walk, side);
  return hasExactly(value as Made, side.names)
    ? readAsDeclared(value as Made, walk, side)
    : readSlowly(value as Made, walk, side, 0);
}

/** Making objects is most of the work: where their keys stay as they are, only those values are set that change. */
function readInPlace(value: Made, walk: Walk, side: Side): Made {
  const { names, labels, scalars, reads } = side;
  const { path, maxBytes, isLook } = walk;
  const at = walk.depth++;
  let index = 0;
  let { seen } = walk;
  let isExact = true;
  for (const key in value) {
    if (key !== names[index]) {
      isExact = false;
      break;
    }
    const given = value[key];
    const count = countOf(given, scalars[index] as Scalar);
    if (count > 0 && seen + count <= maxBytes) seen += count;
    else {
      path[at] = labels[index] as string;
      walk.seen = seen;
      const made = (reads[index] as Side['reads'][number])(given, walk);
      seen = walk.seen;
      if (made !== given && !isLook) value[key] = made;
    }
    index++;
  }
  walk.depth = at;
  walk.seen = seen;
  return isExact && index === names.length ? value : readSlowly(value, walk, side, index);
}

/**
 * The records at the beginning of a list that stay as they are, in one loop. The first one that is anything else ends
 * it, and is read from its beginning with its questions asked.
 */
function readRun(items: readonly unknown[], walk: Walk, { names, scalars, isSame }: Side): number {
  if (!walk.isOwned || !(walk.isLook || isSame)) return 0;
  const { maxBytes } = walk;
  const fields = names.length;
  for (let at = 0; at < items.length; at++) {
    const item = items[at];
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return at;
    // Its braces, and what follows it in the list.
    let seen = walk.seen + 3;
    let index = 0;
    for (const key in item) {
      if (key !== names[index]) return at;
      const count = countOf((item as Made)[key], scalars[index] as Scalar);
      if (count === 0) return at;
      seen += count;
      index++;
    }
    if (index !== fields || seen > maxBytes) return at;
    walk.seen = seen;
  }
  return items.length;
}

function readAsDeclared(value: Made, walk: Walk, { names, to, labels, reads }: Side): Made {
  const { path } = walk;
  const at = walk.depth++;
  const made: Made = {};
  for (let index = 0; index < reads.length; index++) {
    path[at] = labels[index] as string;
    made[to[index] as string] = (reads[index] as Side['reads'][number])(value[names[index] as string], walk);
  }
  walk.depth = at;
  return made;
}

/** For keys in another order, missing options, and everything that is wrong; the first `done` fields were read. */
function readSlowly(value: Made, walk: Walk, side: Side, done: number): Made {
  const strange = strangeKey(value, side.known);
  if (strange !== undefined) reportAt(walk, strange, `only ${listNames(side.names)}`, 'a field that the type lacks');
  const made: Made = {};
  for (const [index, label] of side.labels.entries()) {
    const name = side.names[index] as string;
    const found = ownValue(value, name);
    if (index < done) {
      made[side.to[index] as string] = found;
      continue;
    }
    const fallback = side.defaults[index];
    if (found === undefined && fallback === undefined) {
      reportAt(walk, label, `the field "${name}"`, describeValue(undefined));
      continue;
    }
    walk.path[walk.depth++] = label;
    const given = found === undefined ? fallback?.value : found;
    made[side.to[index] as string] = (side.reads[index] as Side['reads'][number])(given, walk);
    walk.depth--;
  }
  return made;
}

function listNames(names: readonly string[]): string {
  return names.length === 0 ? 'no fields' : names.map((name) => `"${name}"`).join(', ');
}
