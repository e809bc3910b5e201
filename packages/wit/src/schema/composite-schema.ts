// The JSON Schema of each WIT type that is made of others.
import type { Case, Docs, Named, Type } from '../resolved.ts';
import { ANNOTATION, type JsonSchema } from './json.ts';
import { keySchema } from './primitive-schema.ts';
import type { OwnKind, Shape } from './types.ts';

/** What writing a schema asks of the type it stands in. */
export type Inside = {
  /** The schema of a part, a `$ref` where the part is defined apart. */
  schemaOf(type: Type): JsonSchema;
  shapeOf(type: Type): Shape;
  optionDepth(type: Type): number;
};

/** Docs as the `description` of a schema, nothing where there are none. */
export function described(docs: Docs | undefined, schema: JsonSchema): JsonSchema {
  const text = docs?.contents?.trim();
  return text === undefined || text === '' ? schema : { ...schema, description: text };
}

/** The schema of a supported kind. */
export function compositeSchema(kind: Exclude<OwnKind, 'resource'>, inside: Inside): JsonSchema {
  if ('record' in kind) return objectSchema(kind.record.fields, inside);
  if ('variant' in kind) return variantSchema(kind.variant.cases, inside);
  if ('result' in kind) {
    const { ok, err } = kind.result;
    return {
      ...variantSchema(
        [
          { name: 'ok', type: ok },
          { name: 'err', type: err },
        ],
        inside,
      ),
      [ANNOTATION]: 'result',
    };
  }
  if ('enum' in kind) return enumSchema(kind.enum.cases);
  if ('flags' in kind) return flagsSchema(kind.flags.flags);
  if ('option' in kind) return optionSchema(kind.option, inside);
  if ('list' in kind) return listSchema(kind.list, inside);
  if ('tuple' in kind) return tupleSchema(kind.tuple.types.map((type) => inside.schemaOf(type)));
  if ('map' in kind) return mapSchema(kind.map, inside);
  if ('fixed-length-list' in kind) {
    const [item, length] = kind['fixed-length-list'];
    return { type: 'array', items: inside.schemaOf(item), minItems: length, maxItems: length };
  }
  return { type: 'string', minLength: 1, [ANNOTATION]: 'handle' };
}

/** The schema of an object with these members; those that are options may be left out. */
export function objectSchema(
  members: readonly { readonly name: string; readonly type: Type; readonly docs?: Docs }[],
  inside: Inside,
): JsonSchema {
  return {
    type: 'object',
    properties: Object.fromEntries(
      members.map(({ name, type, docs }) => [name, described(docs, inside.schemaOf(type))]),
    ),
    required: members.filter(({ type }) => inside.optionDepth(type) === 0).map(({ name }) => name),
    additionalProperties: false,
  };
}

function variantSchema(cases: readonly Case[], inside: Inside): JsonSchema {
  const branches = cases.map(({ name, type, docs }) => {
    const tag = { const: name };
    const branch =
      type === null
        ? { properties: { tag }, required: ['tag'] }
        : { properties: { tag, value: inside.schemaOf(type) }, required: ['tag', 'value'] };
    return described(docs, { type: 'object', ...branch, additionalProperties: false });
  });
  return { oneOf: branches };
}

function enumSchema(cases: readonly Named[]): JsonSchema {
  const schema: JsonSchema = { type: 'string', enum: cases.map(({ name }) => name) };
  return described({ contents: listDocs(cases) }, schema);
}

function flagsSchema(flags: readonly Named[]): JsonSchema {
  const schema: JsonSchema = { type: 'array', items: { enum: flags.map(({ name }) => name) }, uniqueItems: true };
  return described({ contents: listDocs(flags) }, schema);
}

function listDocs(items: readonly Named[]): string | null {
  const lines = items.flatMap(({ name, docs }) => {
    const text = docs?.contents?.trim();
    return text === undefined || text === '' ? [] : [`${name}: ${text}`];
  });
  return lines.length === 0 ? null : lines.join('\n');
}

/** An option of an option wraps what is there, since null alone could mean either of the two. */
function optionSchema(payload: Type, inside: Inside): JsonSchema {
  const some = inside.schemaOf(payload);
  if (inside.optionDepth(payload) === 0) return { anyOf: [some, { type: 'null' }] };
  const wrapped = { type: 'object', properties: { some }, required: ['some'], additionalProperties: false };
  return { anyOf: [wrapped, { type: 'null' }], [ANNOTATION]: 'option' };
}

function listSchema(item: Type, inside: Inside): JsonSchema {
  if (inside.shapeOf(item) === 'u8') return { type: 'string', contentEncoding: 'base64' };
  return { type: 'array', items: inside.schemaOf(item) };
}

function tupleSchema(items: readonly JsonSchema[]): JsonSchema {
  const length = items.length;
  if (length === 0) return { type: 'array', maxItems: 0, [ANNOTATION]: 'tuple' };
  return { type: 'array', prefixItems: items, items: false, minItems: length, maxItems: length };
}

function mapSchema([key, value]: readonly [Type, Type], inside: Inside): JsonSchema {
  const shape = inside.shapeOf(key);
  const schema: JsonSchema = { type: 'object', additionalProperties: inside.schemaOf(value) };
  return typeof shape !== 'string' || shape === 'string' ? schema : { ...schema, propertyNames: keySchema(shape) };
}
