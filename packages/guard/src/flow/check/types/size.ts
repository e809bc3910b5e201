// How many bytes the JSON text of a value of a type has, at the least and at the most.
import { isJsonObject, type Json, type JsonSchema, jsonSize } from '@pypes/contract';
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

/** Bytes of JSON text; `most` is infinite where the type has no bound or is not known. */
export type SizeRange = { readonly least: number; readonly most: number };

/** `\u001f`, and a character outside the first plane has four bytes. */
const BYTES_OF_A_CHARACTER = 6;
/** `-1.7976931348623157e+308`. */
const BYTES_OF_A_NUMBER = 25;
const ANYTHING: SizeRange = { least: 1, most: Number.POSITIVE_INFINITY };

/**
 * The range of sizes of a schema's values.
 *
 * @example
 * sizeOf({ type: 'boolean' }); // { least: 4, most: 5 }
 */
export function sizeOf(schema: JsonSchema | undefined): SizeRange {
  return schema === undefined ? ANYTHING : measure(toWithin(schema), beginEffort());
}

function measure(within: Within, effort: Effort): SizeRange {
  const found = isTooMuch(effort) ? undefined : resolved(within);
  if (found === undefined || typeof found.schema === 'boolean') return ANYTHING;
  const { schema } = found;
  if (schema.const !== undefined) return exactly([schema.const]);
  if (Array.isArray(schema.enum)) return exactly(schema.enum as readonly Json[]);
  const ranges = [ofTypes(found, schema, effort)];
  for (const key of ['anyOf', 'oneOf'] as const) {
    const branches = schema[key];
    if (Array.isArray(branches))
      ranges.push(either(branches.map((item: Json) => measure(partOf(found, item), deeper(effort)))));
  }
  if (Array.isArray(schema.allOf)) {
    ranges.push(...schema.allOf.map((item: Json) => measure(partOf(found, item), deeper(effort))));
  }
  return { least: Math.max(...ranges.map(({ least }) => least)), most: Math.min(...ranges.map(({ most }) => most)) };
}

function ofTypes(within: Within, schema: JsonSchema, effort: Effort): SizeRange {
  const types = typesOf(schema);
  if (types === undefined) return ANYTHING;
  return either(types.map((type) => ofType(within, schema, type, effort)));
}

function ofType(within: Within, schema: JsonSchema, type: JsonType, effort: Effort): SizeRange {
  switch (type) {
    case 'null':
      return { least: 4, most: 4 };
    case 'boolean':
      return { least: 4, most: 5 };
    case 'integer':
      return { least: 1, most: integerMost(schema) };
    case 'number':
      return { least: 1, most: BYTES_OF_A_NUMBER };
    case 'string':
      return {
        least: 2 + numberOf(schema.minLength, 0),
        most: 2 + numberOf(schema.maxLength, Number.POSITIVE_INFINITY) * BYTES_OF_A_CHARACTER,
      };
    case 'array':
      return array(within, schema, effort);
    case 'object':
      return object(within, schema, effort);
  }
}

function integerMost({ minimum, maximum }: JsonSchema): number {
  if (typeof minimum !== 'number' || typeof maximum !== 'number') return BYTES_OF_A_NUMBER;
  return Math.max(String(Math.ceil(minimum)).length, String(Math.floor(maximum)).length);
}

function array(within: Within, schema: JsonSchema, effort: Effort): SizeRange {
  const first = (Array.isArray(schema.prefixItems) ? schema.prefixItems : []).map((item: Json) =>
    measure(partOf(within, item), deeper(effort)),
  );
  const least = Math.max(0, numberOf(schema.minItems, 0));
  const most = schema.items === false ? first.length : numberOf(schema.maxItems, Infinity);
  const each =
    schema.items === undefined || schema.items === false
      ? ANYTHING
      : measure(partOf(within, schema.items), deeper(effort));
  const leastOf = (index: number) => first[index]?.least ?? each.least;
  const mostOf = (index: number) => first[index]?.most ?? each.most;
  let [low, high] = [2 + Math.max(0, least - 1), 2 + Math.max(0, most - 1)];
  for (let index = 0; index < Math.min(least, first.length); index++) low += leastOf(index);
  low += Math.max(0, least - first.length) * each.least;
  for (let index = 0; index < Math.min(most, first.length); index++) high += mostOf(index);
  if (most > first.length) high += (most - first.length) * each.most;
  return { least: low, most: high };
}

function object(within: Within, schema: JsonSchema, effort: Effort): SizeRange {
  const required = Array.isArray(schema.required) ? schema.required : [];
  let [least, most, needed, all] = [2, 2, 0, 0];
  for (const [name, part] of Object.entries(isJsonObject(schema.properties) ? schema.properties : {})) {
    if (part === false) continue;
    const range = measure(partOf(within, part), deeper(effort));
    const key = jsonSize(name) + 1;
    all++;
    most += key + range.most;
    if (!required.includes(name)) continue;
    needed++;
    least += key + range.least;
  }
  const closed = schema.additionalProperties === false && schema.patternProperties === undefined;
  return { least: least + Math.max(0, needed - 1), most: closed ? most + Math.max(0, all - 1) : Infinity };
}

function exactly(values: readonly Json[]): SizeRange {
  return either(values.map(jsonSize).map((size) => ({ least: size, most: size })));
}

function either(ranges: readonly SizeRange[]): SizeRange {
  if (ranges.length === 0) return ANYTHING;
  return { least: Math.min(...ranges.map(({ least }) => least)), most: Math.max(...ranges.map(({ most }) => most)) };
}

function numberOf(value: Json | undefined, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
