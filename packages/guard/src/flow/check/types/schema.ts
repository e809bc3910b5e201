// Looks into JSON Schemas: references, types, the schema of a part.
import { isJsonObject, type Json, type JsonSchema } from '@pypes/contract';

export const JSON_TYPES = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] as const;

/** A type of JSON Schema; `integer` lies within `number`. */
export type JsonType = (typeof JSON_TYPES)[number];

/** A schema with the document that its references point into. `true` and `false` are schemas too. */
export type Within = { readonly schema: JsonSchema | boolean; readonly root: JsonSchema };

/**
 * How far a walk through a schema is, and how much of it is left: schemas of strangers may refer to themselves, or to
 * the same part so often that looking at all of it takes for ever.
 */
export type Effort = { readonly depth: number; readonly work: { left: number } };

const MOST_REFERENCES = 32;
const MOST_DEPTH = 24;
const MOST_STEPS = 5_000;

/** The effort at the beginning of a walk. */
export function beginEffort(): Effort {
  return { depth: 0, work: { left: MOST_STEPS } };
}

/** One step further in. */
export function deeper({ depth, work }: Effort): Effort {
  return { depth: depth + 1, work };
}

/** Counts a step; true where it is one too many. */
export function isTooMuch({ depth, work }: Effort): boolean {
  return depth > MOST_DEPTH || --work.left < 0;
}

/** A schema as its own document. */
export function toWithin(schema: JsonSchema): Within {
  return { schema, root: schema };
}

/** A part of a schema as a schema; what is none counts as one that lets everything through. */
export function partOf(within: Within, part: Json | undefined): Within {
  return { schema: isJsonObject(part) || typeof part === 'boolean' ? part : true, root: within.root };
}

/** Whether a document is of a draft before 2020-12, for which `prefixItems` says nothing. */
export function isOlderDraft({ $schema }: JsonSchema): boolean {
  return $schema !== undefined && !(typeof $schema === 'string' && $schema.includes('/2020-12/'));
}

/**
 * What is behind local references; keywords beside one are kept. Undefined where a reference leads nowhere, outside,
 * or in a circle, and where the keywords of lists are those of another draft.
 */
export function resolved(within: Within): Within | undefined {
  let { schema } = within;
  for (let steps = 0; typeof schema === 'object' && schema.$ref !== undefined; steps++) {
    const target = typeof schema.$ref === 'string' ? lookUp(within.root, schema.$ref) : undefined;
    if (target === undefined || steps >= MOST_REFERENCES) return undefined;
    const { $ref: _ref, $defs: _defs, definitions: _definitions, ...beside } = schema;
    if (Object.keys(beside).some((key) => !ANNOTATIONS.has(key))) {
      schema = { ...beside, allOf: [target, ...(Array.isArray(beside.allOf) ? beside.allOf : [])] };
      break;
    }
    schema = target;
  }
  if (typeof schema === 'object' && hasOtherLists(schema, within.root)) return undefined;
  return { schema, root: within.root };
}

function hasOtherLists(schema: JsonSchema, root: JsonSchema): boolean {
  return Array.isArray(schema.items) || (schema.prefixItems !== undefined && isOlderDraft(root));
}

/**
 * The types that a schema names; undefined where it names none, or one that there is not: whoever holds values to the
 * schema may let anything through then. `nullable` is not of JSON Schema, but Ajv goes by it.
 */
export function typesOf(schema: JsonSchema): readonly JsonType[] | undefined {
  const { type } = schema;
  const named: readonly Json[] = Array.isArray(type) ? type : type === undefined ? [] : [type];
  if (named.length === 0 || !named.every(isJsonType)) return undefined;
  return schema.nullable === true && !named.includes('null') ? [...named, 'null'] : named;
}

function isJsonType(name: Json): name is JsonType {
  return (JSON_TYPES as readonly Json[]).includes(name);
}

/** The type of a value. */
export function typeOfValue(value: Json): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value as 'boolean' | 'string' | 'object';
}

/** Keywords that say nothing about a value. */
export const ANNOTATIONS: ReadonlySet<string> = new Set([
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  '$comment',
  '$schema',
  '$id',
  '$defs',
  'definitions',
  'x-wit',
]);

function lookUp(root: JsonSchema, reference: string): JsonSchema | boolean | undefined {
  if (reference !== '#' && !reference.startsWith('#/')) return undefined;
  let at: Json = root;
  for (const step of reference.slice(1).split('/').slice(1)) {
    const key = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as { readonly [key: string]: Json })[key] as Json;
  }
  return isJsonObject(at) || typeof at === 'boolean' ? at : undefined;
}
