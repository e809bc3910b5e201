// An example value of a schema, so that a form begins with something that can be called.
import type { Json, JsonSchema } from '@pypes/wit/schema';

/** The smallest interesting value. */
export function sampleOf(schema: JsonSchema, root: JsonSchema): Json {
  const { $ref, properties, items } = schema;
  const [type] = [schema.type].flat();
  if (typeof $ref === 'string') return sampleOf(definitionOf(root, $ref), root);
  const [choice] = [schema.anyOf, schema.oneOf, schema.enum].find(Array.isArray) ?? [];
  if (choice !== undefined) return isSchema(choice) ? sampleOf(choice, root) : choice;
  if (schema.const !== undefined) return schema.const;
  if (type === 'object' && isSchema(properties)) {
    const fields = Object.entries(properties).map(([name, each]) => [
      name,
      isSchema(each) ? sampleOf(each, root) : null,
    ]);
    return Object.fromEntries(fields) as Json;
  }
  if (type === 'array') return isSchema(items) ? [sampleOf(items, root)] : [];
  if (type === 'integer' || type === 'number') return 10;
  return type === 'boolean' ? false : type === 'null' ? null : 'ACME';
}

function definitionOf(root: JsonSchema, reference: string): JsonSchema {
  const definitions = isSchema(root.$defs) ? root.$defs : {};
  const found = definitions[reference.slice('#/$defs/'.length)];
  return isSchema(found) ? found : {};
}

function isSchema(value: Json | undefined): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
