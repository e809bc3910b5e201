// How much of an influence a value of a declared type can carry, in bits: what declassification and endorsement count.
import { isJsonObject, type Json, PypesError } from '@pypes/contract';

/** A type whose values can be counted, or `text`, which cannot. */
export type Shape =
  | { readonly type: 'boolean' }
  | { readonly type: 'enum'; readonly values: readonly Json[] }
  | { readonly type: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly type: 'text' };

/**
 * Bits that one value can carry: 1 for a boolean, log2 of the choices for an enum, log2 of the range for a bounded
 * integer, infinitely many for text.
 *
 * @example
 * bitsOf({ type: 'integer', minimum: 1, maximum: 8 }); // 3
 */
export function bitsOf(shape: Shape): number {
  switch (shape.type) {
    case 'boolean':
      return 1;
    case 'enum':
      return Math.log2(shape.values.length);
    case 'integer':
      return Math.log2(shape.maximum - shape.minimum + 1);
    case 'text':
      return Number.POSITIVE_INFINITY;
  }
}

/** Whether the value is one of the shape's. */
export function fitsShape(shape: Shape, value: Json): boolean {
  switch (shape.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'enum':
      return shape.values.includes(value);
    case 'integer':
      return Number.isSafeInteger(value) && Number(value) >= shape.minimum && Number(value) <= shape.maximum;
    case 'text':
      return typeof value === 'string';
  }
}

/**
 * Reads a declared type: `"boolean"`, `"text"`, `{enum: […]}` of scalars, `{minimum, maximum}` of integers.
 *
 * @throws PypesError `invalid_request`
 */
export function parseShape(value: Json | undefined, where: string): Shape {
  if (value === 'boolean' || value === 'text') return { type: value };
  if (isJsonObject(value)) {
    const { enum: values, minimum, maximum } = value;
    if (Array.isArray(values) && values.length > 0 && values.every((item) => typeof item !== 'object')) {
      return { type: 'enum', values: [...new Set(values as readonly Json[])] };
    }
    if (isInteger(minimum) && isInteger(maximum) && minimum <= maximum) return { type: 'integer', minimum, maximum };
  }
  throw new PypesError(
    'invalid_request',
    `${where} takes "boolean", "text", {enum: […]} or {minimum, maximum}, got ${JSON.stringify(value)?.slice(0, 80)}`,
  );
}

/** Bits of a number whose type says nothing: the length of its shortest decimal form. */
export function numberBits(value: number): number {
  const [mantissa = '', exponent = '0'] = Math.abs(value).toExponential().split('e');
  return mantissa.replace('.', '').length * BITS_PER_DIGIT + Math.log2(Math.abs(Number(exponent)) + 2);
}

const BITS_PER_DIGIT = Math.log2(10);

function isInteger(value: Json | undefined): value is number {
  return Number.isSafeInteger(value);
}
