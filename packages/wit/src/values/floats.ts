// Compiles f32 and f64. JSON has no NaN, no infinities and no -0 that survives JSON.stringify: they are texts.
import { FLOAT_TEXTS, LARGEST_F32 } from '../schema/numbers.ts';
import type { Codec } from './codec.ts';
import { DOUBLE, singleUpTo } from './scalar.ts';
import { fail, type Walk } from './walk.ts';

/**
 * The codec of a float. A JSON number for an f32 is rounded to the nearest f32, as a decimal literal of any language
 * is; a component's f32 has to be one already.
 */
export function float(name: 'f32' | 'f64'): Codec {
  const isSingle = name === 'f32';
  const expected = isSingle
    ? 'a number within the range of f32, or "NaN", "Infinity", "-Infinity", "-0" (f32)'
    : 'a number, or "NaN", "Infinity", "-Infinity", "-0" (f64)';

  const fromJson = (value: unknown, walk: Walk): number => {
    walk.seen++;
    if (typeof value === 'number' && Number.isFinite(value)) {
      if (!isSingle) return value;
      if (fitsSingle(value)) return Math.fround(value);
    } else if (typeof value === 'string') {
      const special = FLOAT_TEXTS.get(value);
      if (special !== undefined) return special;
    }
    fail(walk, expected, value);
    return 0;
  };
  const toJson = (value: unknown, walk: Walk): number | string => {
    walk.seen++;
    if (typeof value === 'number' && (!isSingle || Object.is(Math.fround(value), value))) return floatToJson(value);
    fail(walk, isSingle ? 'a number that an f32 holds exactly' : 'a number (f64)', value);
    return 0;
  };
  const scalar = isSingle ? singleUpTo(LARGEST_F32) : DOUBLE;
  return { fromJson, toJson, measure: (value) => floatBytes(value as number), scalar };
}

/** Not by rounding first: what is a little beyond the largest f32 would be rounded into the range. */
function fitsSingle(value: number): boolean {
  return value >= -LARGEST_F32 && value <= LARGEST_F32;
}

/** The JSON form of a float. */
export function floatToJson(value: number): number | string {
  if (value === 0) return Object.is(value, -0) ? '-0' : 0;
  return Number.isFinite(value) ? value : String(value);
}

/** The bytes of that form. */
export function floatBytes(value: number): number {
  const json = floatToJson(value);
  return typeof json === 'string' ? json.length + 2 : String(json).length;
}
