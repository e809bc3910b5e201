// The kind of value that each keyword takes, and the schemas that lie in it.

import { isJsonObject, type Json } from '@pypes/contract';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { canonical } from '../../canonical.ts';
import type { Draft } from '../draft.ts';

/** `draft`: only there is it a keyword. `parts` are schemas within the value, by the end of their path. */
export type Kind = {
  readonly words: string;
  readonly draft?: Draft;
  holds(value: Json, draft: Draft): boolean;
  parts?(value: Json): readonly (readonly [path: string, part: Json])[];
};

const TYPES = new Set<Json>(['array', 'boolean', 'integer', 'null', 'number', 'object', 'string']);
const ANCHOR = /^[A-Za-z_][-A-Za-z0-9._]*$/;

const text: Kind = { words: 'a string', holds: (value) => typeof value === 'string' };
const flag: Kind = { words: 'true or false', holds: (value) => typeof value === 'boolean' };
const list: Kind = { words: 'an array', holds: (value) => Array.isArray(value) };
const number: Kind = { words: 'a number', holds: (value) => Number.isFinite(value) };
const positive: Kind = { words: 'a number above 0', holds: (value) => Number.isFinite(value) && Number(value) > 0 };
const size: Kind = {
  words: 'an integer of 0 or more',
  holds: (value) => Number.isInteger(value) && Number(value) >= 0,
};
const anchor: Kind = { words: 'a name', holds: (value) => typeof value === 'string' && ANCHOR.test(value) };
const address: Kind = { words: 'an address', holds: isAddress };
const names: Kind = { words: 'an array of different strings', holds: isNames };
const pattern: Kind = {
  words: 'a regular expression',
  holds: (value) => typeof value === 'string' && isPattern(value),
};
const part: Kind = { words: 'a schema', holds: () => true, parts: (value) => [['', value]] };
const parts: Kind = {
  words: 'an array of schemas, with at least one',
  holds: (value) => Array.isArray(value) && value.length > 0,
  parts: (value) => [...(value as readonly Json[]).entries()].map(([index, inner]) => [`/${index}`, inner]),
};
const map: Kind = { words: 'an object of schemas', holds: isJsonObject, parts: entries };

export const KINDS: { readonly [keyword: string]: Kind } = {
  $id: {
    words: 'an address without a fragment',
    holds: (value, draft) => isAddress(value) && (draft === 7 || !/#./.test(String(value))),
  },
  $ref: address,
  $dynamicRef: { ...address, draft: 2020 },
  $recursiveRef: { ...address, draft: 2020 },
  $anchor: { ...anchor, draft: 2020 },
  $dynamicAnchor: { ...anchor, draft: 2020 },
  $comment: text,
  $defs: { ...map, draft: 2020 },
  definitions: map,
  id: { words: 'left out: "$id" is its name', holds: () => false },
  title: text,
  description: text,
  readOnly: flag,
  writeOnly: { ...flag, draft: 2020 },
  deprecated: { ...flag, draft: 2020 },
  examples: list,
  contentEncoding: text,
  contentMediaType: text,
  contentSchema: { ...part, draft: 2020 },
  type: { words: `a type (${[...TYPES].join(', ')}) or an array of different types`, holds: isType },
  nullable: flag,
  enum: {
    words: 'an array, in draft 7 of different values',
    holds: (value, draft) => Array.isArray(value) && (draft !== 7 || areDifferent(value)),
  },
  multipleOf: positive,
  maximum: number,
  minimum: number,
  exclusiveMaximum: number,
  exclusiveMinimum: number,
  maxLength: size,
  minLength: size,
  pattern,
  format: text,
  maxItems: size,
  minItems: size,
  uniqueItems: flag,
  maxContains: { ...size, draft: 2020 },
  minContains: { ...size, draft: 2020 },
  maxProperties: size,
  minProperties: size,
  required: names,
  dependentRequired: {
    words: 'an object of arrays of different strings',
    draft: 2020,
    holds: (value) => isJsonObject(value) && Object.values(value).every(isNames),
  },
  dependentSchemas: { ...map, draft: 2020 },
  dependencies: {
    words: 'an object of schemas and arrays of different strings',
    holds: (value) => isJsonObject(value) && Object.values(value).every((one) => !Array.isArray(one) || isNames(one)),
    parts: (value) => entries(value).filter(([, inner]) => !Array.isArray(inner)),
  },
  properties: map,
  patternProperties: {
    ...map,
    words: 'an object of schemas, by regular expressions',
    holds: (value) => isJsonObject(value) && Object.keys(value).every(isPattern),
  },
  additionalProperties: part,
  unevaluatedProperties: { ...part, draft: 2020 },
  propertyNames: part,
  prefixItems: { ...parts, draft: 2020 },
  items: {
    words: 'a schema',
    holds: (value, draft) => !Array.isArray(value) || (draft === 7 && value.length > 0),
    parts: (value) => (Array.isArray(value) ? (parts.parts?.(value) ?? []) : [['', value]]),
  },
  additionalItems: { ...part, draft: 7 },
  unevaluatedItems: { ...part, draft: 2020 },
  contains: part,
  allOf: parts,
  anyOf: parts,
  oneOf: parts,
  not: part,
  if: part,
  // biome-ignore lint/suspicious/noThenProperty: JSON Schema names it so
  then: part,
  else: part,
};

function entries(value: Json): readonly (readonly [string, Json])[] {
  return Object.entries(isJsonObject(value) ? value : {}).map(([name, inner]) => [`/${name}`, inner]);
}

function isType(value: Json): boolean {
  if (!Array.isArray(value)) return TYPES.has(value);
  return value.length > 0 && value.every((one) => TYPES.has(one)) && new Set(value).size === value.length;
}

function isNames(value: Json): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string') && new Set(value).size === value.length;
}

function areDifferent(values: readonly Json[]): boolean {
  return new Set(values.map((value) => canonical(value))).size === values.length;
}

function isAddress(value: Json): boolean {
  return typeof value === 'string' && (fullFormats['uri-reference'] as RegExp).test(value);
}

function isPattern(value: string): boolean {
  return (fullFormats.regex as (text: string) => boolean)(value);
}
