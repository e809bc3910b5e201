// Compiles records: the hot path of most calls, so the declared order of keys is read without further questions.
import type { Json } from '../schema/json.ts';
import type { Codec } from './codec.ts';
import { describeValue } from './errors.ts';
import { textBytes } from './json-bytes.ts';
import { toCamelCase } from './names.ts';
import { hasExactly, isPlainObject, ownValue, strangeKey } from './objects.ts';
import { fail, reportAt, tooLarge, type Walk } from './walk.ts';

/** A field: its WIT name and its type. */
export type CompiledField = { readonly name: string; readonly codec: Codec };

/**
 * The codec of a record: in JSON under its WIT names, in components in camel case. Every field is written, in the
 * declared order, so that all objects of one type have one shape; options may be missing in what is read.
 */
export function record(fields: readonly CompiledField[], componentName = toCamelCase): Codec {
  const json: Side = sideOf(
    fields.map(({ name }) => name),
    fields,
    'fromJson',
  );
  const component: Side = sideOf(
    fields.map(({ name }) => componentName(name)),
    fields,
    'toJson',
  );
  const { names } = component;
  const codecs = fields.map(({ codec }) => codec);
  // Objects have something of their own under these names: `constructor`, `toString`.
  const inherited = names.map((name) => name in Object.prototype);
  const labels = fields.map(({ name }) => name);
  const fixedBytes =
    2 + Math.max(0, fields.length - 1) + fields.reduce((sum, { name }) => sum + textBytes(name) + 1, 0);

  return {
    fromJson: (value, walk) => convert(value, walk, json, component.names, labels),
    toJson: (value, walk) => convert(value, walk, component, json.names, labels) as Json,
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
  readonly known: ReadonlySet<string>;
  readonly reads: readonly ((value: unknown, walk: Walk) => unknown)[];
  /** For each field what stands for a missing value; undefined for a field that has to be there. */
  readonly defaults: readonly ({ readonly value: unknown } | undefined)[];
};

function sideOf(names: readonly string[], fields: readonly CompiledField[], read: 'fromJson' | 'toJson'): Side {
  const isJson = read === 'fromJson';
  return {
    names,
    known: new Set(names),
    reads: fields.map(({ codec }) => codec[read]),
    defaults: fields.map(({ codec: { optional } }) => {
      if (optional === undefined) return undefined;
      return isJson ? { value: null } : optional.inComponent ? { value: undefined } : undefined;
    }),
  };
}

function convert(
  value: unknown,
  walk: Walk,
  from: Side,
  to: readonly string[],
  labels: readonly string[],
): { [key: string]: unknown } | null {
  if (!isPlainObject(value)) {
    fail(walk, 'an object (record)', value);
    return null;
  }
  walk.seen += 2;
  if (walk.seen > walk.maxBytes) tooLarge(walk);
  if (!hasExactly(value, from.names)) return convertSlowly(value, walk, from, to, labels);
  const { names, reads } = from;
  const { path } = walk;
  const at = walk.depth++;
  const made: { [key: string]: unknown } = {};
  for (let index = 0; index < reads.length; index++) {
    path[at] = labels[index] as string;
    made[to[index] as string] = (reads[index] as Side['reads'][number])(value[names[index] as string], walk);
  }
  walk.depth = at;
  return made;
}

/** For keys in another order, missing options, and everything that is wrong. */
function convertSlowly(
  value: { readonly [key: string]: unknown },
  walk: Walk,
  from: Side,
  to: readonly string[],
  labels: readonly string[],
): { [key: string]: unknown } {
  const strange = strangeKey(value, from.known);
  if (strange !== undefined) reportAt(walk, strange, `only ${listNames(from.names)}`, 'a field that the type lacks');
  const made: { [key: string]: unknown } = {};
  for (const [index, label] of labels.entries()) {
    const name = from.names[index] as string;
    const found = ownValue(value, name);
    const fallback = from.defaults[index];
    if (found === undefined && fallback === undefined) {
      reportAt(walk, label, `the field "${name}"`, describeValue(undefined));
      continue;
    }
    walk.path[walk.depth++] = label;
    const given = found === undefined ? fallback?.value : found;
    made[to[index] as string] = (from.reads[index] as Side['reads'][number])(given, walk);
    walk.depth--;
  }
  return made;
}

function listNames(names: readonly string[]): string {
  return names.length === 0 ? 'no fields' : names.map((name) => `"${name}"`).join(', ');
}
