// The types of what a run is given, without a word of whoever wrote the skill: names, bounds, choices.
import { isJsonObject, type Json, type JsonObject, type JsonSchema } from '@pypes/contract';
import type { OpenInput } from '../draft/open-inputs.ts';
import { toToml } from './toml.ts';

const SCALARS = [
  'type',
  'enum',
  'const',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'required',
];
const MOST_DEPTH = 6;

/** One object with a property for each open value. */
export function toInputSchema(open: readonly OpenInput[]): JsonObject {
  return {
    type: 'object',
    properties: Object.fromEntries(open.map(({ name, schema }) => [name, bare(schema, 0)])),
    required: open.filter(({ required }) => required).map(({ name }) => name),
    additionalProperties: false,
  };
}

/** What is left out lets more through here; the function itself still checks what it is given. */
function bare(schema: JsonSchema | undefined, depth: number): JsonObject {
  if (schema === undefined || depth > MOST_DEPTH) return {};
  const kept: { [keyword: string]: Json } = {};
  for (const keyword of SCALARS) {
    const value = schema[keyword];
    if (value !== undefined && toToml(value) !== undefined) kept[keyword] = value;
  }
  if (isJsonObject(schema.items)) kept.items = bare(schema.items, depth + 1);
  if (isJsonObject(schema.properties)) {
    const { properties } = schema;
    kept.properties = Object.fromEntries(
      Object.keys(properties).map((name) => {
        const member = properties[name];
        return [name, isJsonObject(member) ? bare(member, depth + 1) : {}];
      }),
    );
  }
  if (typeof schema.additionalProperties === 'boolean') kept.additionalProperties = schema.additionalProperties;
  return kept;
}
