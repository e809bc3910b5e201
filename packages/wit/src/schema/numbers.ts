// The ranges of WIT's numbers, as schemas state them and values are checked against them.

/** The integers that fit a JavaScript number: name → smallest and largest. */
export const SMALL_INTEGERS = {
  u8: [0, 255],
  u16: [0, 65_535],
  u32: [0, 4_294_967_295],
  s8: [-128, 127],
  s16: [-32_768, 32_767],
  s32: [-2_147_483_648, 2_147_483_647],
} as const satisfies { readonly [name: string]: readonly [number, number] };

/** The name of one of {@link SMALL_INTEGERS}. */
export type SmallInteger = keyof typeof SMALL_INTEGERS;

/** The 64-bit integers: name → smallest and largest. */
export const WIDE_INTEGERS = {
  u64: [0n, 18_446_744_073_709_551_615n],
  s64: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
} as const satisfies { readonly [name: string]: readonly [bigint, bigint] };

/** The largest finite f32. */
export const LARGEST_F32 = 3.402_823_466_385_288_6e38;

/** The floats that JSON numbers cannot carry, `-0` because `JSON.stringify` drops its sign: value → its text. */
export const FLOAT_TEXTS: ReadonlyMap<string, number> = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
  ['-0', -0],
]);

/** Decimal texts of 64-bit integers without a sign, without leading zeros. */
export const U64_PATTERN = '^(0|[1-9][0-9]{0,19})$';

/** Decimal texts of signed 64-bit integers without leading zeros and without `-0`. */
export const S64_PATTERN = '^(0|-?[1-9][0-9]{0,18})$';

/** The texts of {@link FLOAT_TEXTS} as a pattern. */
export const FLOAT_PATTERN = '^(NaN|-?Infinity|-0)$';
