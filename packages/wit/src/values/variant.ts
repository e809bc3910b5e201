// Compiles variants and results: `{ tag, value }` in JSON, `{ tag, val }` in components.
import type { Json } from '../schema/json.ts';
import type { Codec } from './codec.ts';
import { describeValue } from './errors.ts';
import { textBytes } from './json-bytes.ts';
import { isPlainObject, ownValue } from './objects.ts';
import { fail, reportAt, tooLarge, type Walk } from './walk.ts';

/** A case and the codec of its payload, where it has one. */
export type CompiledCase = { readonly name: string; readonly codec: Codec | undefined };

/**
 * The codec of a variant. jco's glue lifts a case without payload as `{ tag }`, and either end of a `result` without
 * payload as `{ tag, val: undefined }`: both are taken, and `isResult` says which is given.
 */
export function variant(cases: readonly CompiledCase[], isResult: boolean): Codec {
  const byTag = new Map(cases.map((item) => [item.name, { ...item, bytes: textBytes(item.name) }]));
  const expected = `one of ${cases.map(({ name }) => `"${name}"`).join(', ')}`;

  /** The case that a value names, once it is known to have nothing but a tag and a payload. */
  const find = (value: unknown, walk: Walk, key: 'value' | 'val'): Found | undefined => {
    if (!isPlainObject(value)) return fail(walk, `an object with "tag" and "${key}" (variant)`, value);
    walk.seen += 2;
    if (walk.seen > walk.maxBytes) tooLarge(walk);
    const tag = ownValue(value, 'tag');
    const found = typeof tag === 'string' ? byTag.get(tag) : undefined;
    if (found === undefined) return reportAt(walk, 'tag', expected, describeValue(tag));
    for (const other in value) {
      if (other !== 'tag' && other !== key) return reportAt(walk, other, `only "tag" and "${key}"`, 'another key');
    }
    const payload = ownValue(value, key);
    if (found.codec === undefined) {
      if (payload === undefined) return { name: found.name, codec: undefined, payload };
      return reportAt(walk, 'value', `nothing, which is what "${found.name}" carries`, describeValue(payload));
    }
    if (payload === undefined && !(key === 'val' && found.codec.optional?.inComponent)) {
      return reportAt(walk, 'value', `the value of "${found.name}"`, describeValue(payload));
    }
    return { name: found.name, codec: found.codec, payload };
  };

  return {
    fromJson(value, walk) {
      const found = find(value, walk, 'value');
      if (found === undefined) return null;
      const { name, codec } = found;
      if (codec === undefined) return isResult ? { tag: name, val: undefined } : { tag: name };
      return { tag: name, val: inside(walk, codec.fromJson, found.payload) };
    },
    toJson(value, walk) {
      const found = find(value, walk, 'val');
      if (found === undefined) return null;
      const { name, codec } = found;
      return codec === undefined ? { tag: name } : { tag: name, value: inside(walk, codec.toJson, found.payload) };
    },
    measure(value) {
      const { tag, val } = value as { readonly tag: string; readonly val?: unknown };
      const found = byTag.get(tag);
      const name = PLAIN + (found?.bytes ?? 0);
      return found?.codec === undefined ? name : name + WITH_VALUE + found.codec.measure(val);
    },
  };
}

type Found = { readonly name: string; readonly codec: Codec | undefined; readonly payload: unknown };

const PLAIN = '{"tag":}'.length;
const WITH_VALUE = ',"value":'.length;

function inside<Made extends Json | unknown>(
  walk: Walk,
  convert: (value: unknown, walk: Walk) => Made,
  payload: unknown,
): Made {
  walk.path[walk.depth++] = 'value';
  const made = convert(payload, walk);
  walk.depth--;
  return made;
}
