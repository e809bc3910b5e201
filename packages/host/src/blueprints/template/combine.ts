// Puts schemas of different documents together: each keeps its own definitions, under a name of its own.
import { isJsonObject, type Json, type JsonSchema } from '@pypes/contract';
import { isOlderDraft } from '../guard-check.ts';

/** Takes schemas in, and gives the one that is made of them. */
export type Combination = {
  /** The schema as a part of the whole; one that points into itself becomes a definition. */
  embed(schema: JsonSchema | undefined): JsonSchema;
  /** The whole, with all definitions. */
  finish(schema: JsonSchema): JsonSchema;
};

/** A schema that is made of others. */
export function createCombination(): Combination {
  const definitions: { [name: string]: Json } = {};
  return {
    embed(schema) {
      // Beside parts of another draft its keywords would mean something else.
      if (schema === undefined || isOlderDraft(schema)) return {};
      if (!hasReference(schema)) return withoutDefinitions(schema);
      const name = `part${Object.keys(definitions).length}`;
      definitions[name] = rewrite(schema, `#/$defs/${name}`);
      return { $ref: `#/$defs/${name}` };
    },
    finish: (schema) => (Object.keys(definitions).length === 0 ? schema : { ...schema, $defs: definitions }),
  };
}

/** A list of values of a schema. */
export function listSchema(items: JsonSchema | undefined, maxItems: number): JsonSchema {
  const whole = createCombination();
  return whole.finish({ type: 'array', items: whole.embed(items), ...(Number.isFinite(maxItems) ? { maxItems } : {}) });
}

/** A value of one of the schemas; not known where one of them is not. */
export function eitherSchema(schemas: readonly (JsonSchema | undefined)[]): JsonSchema | undefined {
  if (schemas.includes(undefined)) return undefined;
  const whole = createCombination();
  return whole.finish({ anyOf: schemas.map((schema) => whole.embed(schema)) });
}

function hasReference(value: Json): boolean {
  if (Array.isArray(value)) return value.some(hasReference);
  if (!isJsonObject(value)) return false;
  return typeof value.$ref === 'string' || Object.values(value).some(hasReference);
}

function rewrite(value: Json, base: string): Json {
  if (Array.isArray(value)) return value.map((item: Json) => rewrite(item, base));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      key === '$ref' && typeof part === 'string' && part.startsWith('#') ? base + part.slice(1) : rewrite(part, base),
    ]),
  );
}

function withoutDefinitions({ $defs: _defs, definitions: _definitions, ...schema }: JsonSchema): JsonSchema {
  return schema;
}
