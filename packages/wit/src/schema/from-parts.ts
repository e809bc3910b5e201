// Schemas of one type each: primitives, enums, arrays and objects.
import type { Field, Type } from '../resolved.ts';
import { JsonSchemaError } from './errors.ts';
import { isOption } from './from-choices.ts';
import type { Reader } from './from-json-schema.ts';
import { ANNOTATION, isObject, type Json, type JsonSchema } from './json.ts';
import { SMALL_INTEGERS } from './numbers.ts';
import { uniqueNames } from './unique-names.ts';

const ANNOTATED = ['char', 'u64', 's64', 'f32', 'f64', 'bool', 'u8', 'u16', 'u32', 's8', 's16', 's32'] as const;

/** The primitive of a schema; undefined for one of something else. */
export function convertPrimitive(schema: JsonSchema, pointer: string): Type | undefined {
  const annotated = ANNOTATED.find((name) => name === schema[ANNOTATION]);
  if (annotated !== undefined) return annotated;
  if (schema[ANNOTATION] === 'handle') throw new JsonSchemaError(pointer, 'A handle does not say of which resource');
  switch (schema.type) {
    case 'boolean':
      return 'bool';
    case 'number':
      return 'f64';
    case 'integer':
      return integerOf(schema);
    default:
      return undefined;
  }
}

function integerOf({ minimum, maximum }: JsonSchema): Type {
  for (const [name, [least, most]] of Object.entries(SMALL_INTEGERS)) {
    if (minimum === least && maximum === most) return name as keyof typeof SMALL_INTEGERS;
  }
  return 's64';
}

/** The type of a schema of texts: an enum, bytes, or any text; undefined for one of something else. */
export function convertEnum(reader: Reader, schema: JsonSchema, pointer: string, hint: string): Type | undefined {
  const values = 'const' in schema ? [schema.const] : schema.enum;
  if (Array.isArray(values)) {
    const odd = values.findIndex((value: Json) => typeof value !== 'string' && value !== null);
    if (odd !== -1) throw new JsonSchemaError(`${pointer}/enum/${odd}`, 'Only texts can be cases of an enum');
    const texts = values.filter((value: Json) => typeof value === 'string');
    if (texts.length === 0) throw new JsonSchemaError(pointer, 'An enum needs a case');
    const cases = uniqueNames(texts, `${pointer}/enum`).map((name) => ({ name }));
    const docs = typeof schema.description === 'string' ? schema.description : undefined;
    const type = reader.arena.define(reader.arena.reserve(hint), { enum: { cases } }, docs);
    return texts.length === values.length ? type : reader.arena.add({ option: type });
  }
  if (schema.type !== 'string') return undefined;
  return schema.contentEncoding === 'base64' ? reader.arena.add({ list: 'u8' }) : 'string';
}

/** The type of a schema of arrays; undefined for one of something else. */
export function convertArray(
  reader: Reader,
  schema: JsonSchema,
  pointer: string,
  hint: string,
  depth: number,
): Type | undefined {
  const { arena } = reader;
  const { items, prefixItems, minItems, maxItems } = schema;
  if (schema.type !== 'array') return undefined;
  if (Array.isArray(prefixItems)) {
    if (items !== false) throw new JsonSchemaError(`${pointer}/items`, 'A tuple needs "items": false');
    const types = prefixItems.map((item: Json, index) =>
      reader.read(item, `${pointer}/prefixItems/${index}`, `${hint}-item`, depth - 1),
    );
    return arena.add({ tuple: { types } });
  }
  if (schema[ANNOTATION] === 'tuple') return arena.add({ tuple: { types: [] } });
  if (schema.uniqueItems === true && isObject(items) && Array.isArray(items.enum)) {
    const names = items.enum.map((value: Json, index) => {
      if (typeof value === 'string') return value;
      throw new JsonSchemaError(`${pointer}/items/enum/${index}`, 'Only texts can be flags');
    });
    const flags = uniqueNames(names, `${pointer}/items/enum`).map((name) => ({ name }));
    const docs = typeof schema.description === 'string' ? schema.description : undefined;
    return arena.define(arena.reserve(hint), { flags: { flags } }, docs);
  }
  if (items === undefined) throw new JsonSchemaError(pointer, 'An array needs "items"');
  const item = reader.read(items, `${pointer}/items`, `${hint}-item`, depth - 1);
  const isFixed = typeof minItems === 'number' && minItems > 0 && minItems === maxItems;
  return arena.add(isFixed ? { 'fixed-length-list': [item, minItems] } : { list: item });
}

/** The type of a schema of objects; undefined for one of something else. */
export function convertObject(
  reader: Reader,
  schema: JsonSchema,
  pointer: string,
  hint: string,
  depth: number,
): Type | undefined {
  if (schema.type !== 'object' && !isObject(schema.properties)) return undefined;
  const properties = isObject(schema.properties) ? schema.properties : {};
  const keys = Object.keys(properties);
  const rest = schema.additionalProperties;
  if (isObject(rest)) {
    const at = `${pointer}/additionalProperties`;
    if (keys.length > 0) throw new JsonSchemaError(at, 'An object has either named properties or any, not both');
    const key = isObject(schema.propertyNames) ? convertPrimitive(schema.propertyNames, pointer) : undefined;
    return reader.arena.add({ map: [key ?? 'string', reader.read(rest, at, `${hint}-value`, depth - 1)] });
  }
  if (keys.length === 0) {
    throw new JsonSchemaError(pointer, 'An object without properties: a record needs a field, a map its values');
  }
  const name = reader.arena.reserve(hint);
  const names = uniqueNames(keys, `${pointer}/properties`);
  const required = new Set(Array.isArray(schema.required) ? (schema.required as readonly Json[]) : []);
  const fields = keys.map((key, index): Field => {
    const own = names[index] ?? key;
    const at = `${pointer}/properties/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const property = properties[key];
    const type = reader.read(property, at, `${name}-${own}`, depth - 1);
    const isOptional = !required.has(key) && !isOption(reader, type);
    const docs = isObject(property) && typeof property.description === 'string' ? property.description : undefined;
    return {
      name: own,
      type: isOptional ? reader.arena.add({ option: type }) : type,
      ...(docs && { docs: { contents: docs } }),
    };
  });
  const docs = typeof schema.description === 'string' ? schema.description : undefined;
  return reader.arena.define(name, { record: { fields } }, docs);
}
