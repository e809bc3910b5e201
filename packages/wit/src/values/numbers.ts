// Compiles lists of numbers: typed arrays in components, in JSON arrays of numbers and for bytes base64.
import type { Primitive } from '../resolved.ts';
import type { Json } from '../schema/json.ts';
import { base64Length, decodeBase64, encodeBase64 } from './base64.ts';
import type { Codec } from './codec.ts';
import { lengthOf } from './objects.ts';
import { fail, report, tooLarge, type Walk } from './walk.ts';

/** The typed array that jco's glue gives for a list of each number (seen in the glue of jco-transpile 0.15). */
const ARRAYS = {
  u8: Uint8Array,
  s8: Int8Array,
  u16: Uint16Array,
  s16: Int16Array,
  u32: Uint32Array,
  s32: Int32Array,
  u64: BigUint64Array,
  s64: BigInt64Array,
  f32: Float32Array,
  f64: Float64Array,
} as const;

/** A primitive whose list is a typed array. */
export type Numeric = keyof typeof ARRAYS;

/** Tells whether a list of this is a typed array. */
export function isNumeric(primitive: Primitive): primitive is Numeric {
  return Object.hasOwn(ARRAYS, primitive);
}

/** The codec of `list<u8>`: base64 in JSON, which is a third of an array's size. */
export const bytes: Codec = {
  fromJson(value, walk) {
    if (typeof value !== 'string') return fail(walk, 'base64 text (list<u8>)', value) ?? null;
    walk.seen += value.length + 2;
    if (walk.seen > walk.maxBytes) tooLarge(walk);
    return decodeBase64(value) ?? report(walk, 'base64 text with padding (list<u8>)', 'other text') ?? null;
  },
  toJson(value, walk) {
    const length = typedLength(value, Uint8Array, walk);
    if (length === undefined) return null;
    walk.seen += base64Length(length) + 2;
    if (walk.seen > walk.maxBytes) tooLarge(walk);
    return encodeBase64(new Uint8Array(value as Uint8Array));
  },
  measure: (value) => base64Length((value as Uint8Array).length) + 2,
};

type NumberArray = { readonly length: number; [index: number]: number | bigint };
type ArrayType = { new (length: number): NumberArray; readonly name: string };

/** The codec of a list of other numbers. */
export function numbers(type: Numeric, item: Codec): Codec {
  const ArrayOf = ARRAYS[type] as unknown as ArrayType;
  const { fromJson, toJson, measure } = item;
  return {
    fromJson(value, walk) {
      if (!Array.isArray(value)) return fail(walk, `an array (list<${type}>)`, value) ?? null;
      const length = lengthOf(value);
      if (!enter(walk, length)) return null;
      const made = new ArrayOf(length);
      const at = walk.depth++;
      for (let index = 0; index < length; index++) {
        walk.path[at] = index;
        made[index] = fromJson(value[index], walk) as number | bigint;
      }
      walk.depth = at;
      return made;
    },
    toJson(value, walk) {
      const length = typedLength(value, ArrayOf, walk);
      if (length === undefined || !enter(walk, length)) return null;
      const made: Json[] = [];
      const at = walk.depth++;
      for (let index = 0; index < length; index++) {
        walk.path[at] = index;
        made.push(toJson((value as NumberArray)[index], walk));
      }
      walk.depth = at;
      return made;
    },
    measure(value) {
      const array = value as NumberArray;
      let total = 2 + Math.max(0, array.length - 1);
      for (let index = 0; index < array.length; index++) total += measure(array[index]);
      return total;
    },
  };
}

/** Before any memory is taken. */
function enter(walk: Walk, length: number): boolean {
  if (length > walk.maxItems) {
    report(walk, `at most ${walk.maxItems} items`, `${length} items`);
    return false;
  }
  walk.seen += 2 + length;
  if (walk.seen > walk.maxBytes) tooLarge(walk);
  return true;
}

// The getter of the prototype tells the true length, whatever properties an array was given.
const getLength = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), 'length')?.get;

function typedLength(value: unknown, wanted: { readonly name: string }, walk: Walk): number | undefined {
  const isWanted = typeof wanted === 'function' && value instanceof (wanted as unknown as new () => object);
  if (isWanted && getLength !== undefined) return getLength.call(value) as number;
  return fail(walk, `a ${wanted.name}`, value);
}
