// How many bits a value of a type can carry at the most: log2 of how many such values there are.
import { isJsonObject, type Json, type JsonSchema } from '@pypes/contract';
import {
  beginEffort,
  deeper,
  type Effort,
  isTooMuch,
  type JsonType,
  partOf,
  resolved,
  toWithin,
  typesOf,
  type Within,
} from './schema.ts';

/** Every JSON number that a program reads is one of these many. */
const BITS_OF_A_NUMBER = 64;
/** One Unicode scalar value. */
const BITS_OF_A_CHARACTER = Math.log2(1_112_064);
/** Texts of numbers too wide for JSON, as the schemas of WIT have them (`@pypes/wit`, numbers.ts): name, pattern. */
const WIDE: { readonly [name: string]: string } = {
  u64: '^(0|[1-9][0-9]{0,19})$',
  s64: '^(0|-?[1-9][0-9]{0,18})$',
  f32: '^(NaN|-?Infinity|-0)$',
  f64: '^(NaN|-?Infinity|-0)$',
};

/**
 * The most bits that one value carries; infinite where the type has no bound or is not known.
 *
 * @example
 * bitsOf({ type: 'boolean' }); // 1
 */
export function bitsOf(schema: JsonSchema | undefined): number {
  return schema === undefined ? Number.POSITIVE_INFINITY : measure(toWithin(schema), beginEffort());
}

function measure(within: Within, effort: Effort): number {
  const found = isTooMuch(effort) ? undefined : resolved(within);
  if (found === undefined || found.schema === true) return Number.POSITIVE_INFINITY;
  const { schema } = found;
  if (schema === false) return 0;
  if (schema.const !== undefined) return orders(schema.const);
  if (Array.isArray(schema.enum)) return choice(schema.enum.map(orders));
  const bounds = [ofTypes(found, schema, effort)];
  for (const key of ['anyOf', 'oneOf'] as const) {
    const branches = schema[key];
    if (Array.isArray(branches))
      bounds.push(choice(branches.map((item: Json) => measure(partOf(found, item), deeper(effort)))));
  }
  if (Array.isArray(schema.allOf)) {
    bounds.push(...schema.allOf.map((item: Json) => measure(partOf(found, item), deeper(effort))));
  }
  return Math.min(...bounds);
}

function ofTypes(within: Within, schema: JsonSchema, effort: Effort): number {
  const types = typesOf(schema);
  if (types === undefined) return Number.POSITIVE_INFINITY;
  if (isWide(schema)) return BITS_OF_A_NUMBER;
  return choice(types.map((type) => ofType(within, schema, type, effort)));
}

/** Anybody can write an annotation: the pattern beside it is what values are held to. */
function isWide({ type, pattern, 'x-wit': name }: JsonSchema): boolean {
  if (typeof name !== 'string' || !Object.hasOwn(WIDE, name) || pattern !== WIDE[name]) return false;
  return (
    Array.isArray(type) && type.every((each: Json) => each === 'integer' || each === 'number' || each === 'string')
  );
}

function ofType(within: Within, schema: JsonSchema, type: JsonType, effort: Effort): number {
  switch (type) {
    case 'null':
      return 0;
    case 'boolean':
      return 1;
    case 'integer':
      return integer(schema);
    case 'number':
      return BITS_OF_A_NUMBER;
    case 'string':
      return typeof schema.maxLength === 'number'
        ? schema.maxLength * BITS_OF_A_CHARACTER + Math.log2(schema.maxLength + 1)
        : Number.POSITIVE_INFINITY;
    case 'array':
      return array(within, schema, effort);
    case 'object':
      return object(within, schema, effort);
  }
}

function integer(schema: JsonSchema): number {
  const least = Math.max(numberOf(schema.minimum, -Infinity), numberOf(schema.exclusiveMinimum, -Infinity));
  const most = Math.min(numberOf(schema.maximum, Infinity), numberOf(schema.exclusiveMaximum, Infinity));
  if (!Number.isFinite(least) || !Number.isFinite(most)) return BITS_OF_A_NUMBER;
  const step = Math.max(1, Math.floor(numberOf(schema.multipleOf, 1)));
  return Math.min(BITS_OF_A_NUMBER, Math.log2(Math.max(1, Math.floor((most - least) / step) + 1)));
}

function array(within: Within, schema: JsonSchema, effort: Effort): number {
  const first = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  const rest = schema.items === false ? 0 : numberOf(schema.maxItems, Infinity) - first.length;
  const fixed = first.reduce<number>((sum, item: Json) => sum + measure(partOf(within, item), deeper(effort)), 0);
  if (rest <= 0) return fixed + Math.log2(first.length + 1);
  const each =
    schema.items === undefined ? Number.POSITIVE_INFINITY : measure(partOf(within, schema.items), deeper(effort));
  return each === 0 && !Number.isFinite(rest) ? Infinity : fixed + rest * each + Math.log2(rest + first.length + 1);
}

function object(within: Within, schema: JsonSchema, effort: Effort): number {
  if (schema.additionalProperties !== false || schema.patternProperties !== undefined) return Number.POSITIVE_INFINITY;
  const required = Array.isArray(schema.required) ? schema.required : [];
  const properties = Object.entries(isJsonObject(schema.properties) ? schema.properties : {});
  return properties.reduce(
    (sum, [name, part]) => sum + measure(partOf(within, part), deeper(effort)) + (required.includes(name) ? 0 : 1),
    ordersOf(properties.length),
  );
}

/** The properties of an object come in any order, and their text tells which. */
function ordersOf(count: number): number {
  let bits = 0;
  for (let each = 2; each <= count; each++) bits += Math.log2(each);
  return bits;
}

/** In how many orders the properties of a known value may come. */
function orders(value: Json): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item: Json) => sum + orders(item), 0);
  if (!isJsonObject(value)) return 0;
  const parts = Object.values(value);
  return parts.reduce<number>((sum, part) => sum + orders(part as Json), ordersOf(parts.length));
}

/** One of several, each of them told apart: at most the sum of how many there are. Of none: nothing is known. */
function choice(bits: readonly number[]): number {
  if (bits.length === 0) return Number.POSITIVE_INFINITY;
  const most = Math.max(...bits);
  return bits.length === 1 || !Number.isFinite(most)
    ? most
    : most + Math.log2(bits.reduce((sum, each) => sum + 2 ** (each - most), 0));
}

function numberOf(value: Json | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
