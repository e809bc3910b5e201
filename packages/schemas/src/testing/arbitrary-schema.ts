// Generated schemas, and values that are likely to meet them half-way.
import type { Json, JsonObject } from '@pypes/contract';
import fc from 'fast-check';

const NAMES = ['a', 'b', 'a/b', '~', 'constructor'] as const;
const TYPES = ['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'] as const;

const name = fc.constantFrom(...NAMES);
const names = fc.uniqueArray(name, { maxLength: 3 });
const small = fc.integer({ min: 0, max: 4 });
const number = fc.constantFrom(-2, -0.5, 0, 0.1, 0.3, 1, 1.5, 2, 3, 10, 1e21);
const text = fc.constantFrom(
  '',
  'a',
  'ab',
  'aab',
  '😀😀',
  '2026-11-21',
  'x@example.com',
  '10:20:30Z',
  '127.0.0.1',
  'é',
);
const pattern = fc.constantFrom('^a', 'b$', '^[0-9]+', 'a{2}', '[^a]', '/', '.');
const format = fc.constantFrom('date', 'time', 'email', 'ipv4', 'uuid', 'uri', 'int32', 'float', 'regex', 'nonsense');

/** JSON values of few names and few texts. */
export const value: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(fc.constantFrom(null, true, false), number, text),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

/** Schemas whose every keyword is as it has to be, of the given draft. */
export function schemaOf(draft: 7 | 2020): fc.Arbitrary<JsonObject> {
  const of2020 = draft === 2020;
  const { object } = fc.letrec<{ part: Json; object: JsonObject }>((tie) => {
    const part = tie('part');
    const parts = fc.array(part, { minLength: 1, maxLength: 3 });
    const map = fc.dictionary(name, part, { maxKeys: 3, noNullPrototype: true });
    const keywords: { [keyword: string]: fc.Arbitrary<Json> } = {
      type: fc.oneof(fc.constantFrom(...TYPES), fc.uniqueArray(fc.constantFrom(...TYPES), { minLength: 1 })),
      const: value,
      enum: fc.array(value, { minLength: 1, maxLength: 3 }),
      minimum: number,
      maximum: number,
      exclusiveMinimum: number,
      exclusiveMaximum: number,
      multipleOf: fc.constantFrom(0.1, 0.5, 1, 2, 3),
      minLength: small,
      maxLength: small,
      pattern,
      format,
      minItems: small,
      maxItems: small,
      uniqueItems: fc.boolean(),
      contains: part,
      minProperties: small,
      maxProperties: small,
      required: names,
      properties: map,
      patternProperties: fc.dictionary(pattern, part, { maxKeys: 2, noNullPrototype: true }),
      additionalProperties: part,
      propertyNames: part,
      dependencies: fc.dictionary(name, fc.oneof(part, names), { maxKeys: 2, noNullPrototype: true }),
      allOf: parts,
      anyOf: parts,
      oneOf: parts,
      not: part,
      if: part,
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema names it so
      then: part,
      else: part,
      $ref: fc.constantFrom('#/definitions/one', '#/definitions/two'),
      items: of2020 ? part : fc.oneof(part, parts),
      ...(of2020
        ? {
            prefixItems: parts,
            minContains: small,
            maxContains: small,
            dependentRequired: fc.dictionary(name, names, { maxKeys: 2, noNullPrototype: true }),
            dependentSchemas: map,
          }
        : { additionalItems: part }),
    };
    const one = fc.oneof(...Object.entries(keywords).map(([key, arbitrary]) => arbitrary.map((found) => [key, found])));
    return {
      object: fc.array(one, { maxLength: 5 }).map((entries) => Object.fromEntries(entries) as JsonObject),
      part: fc.oneof({ depthSize: 'small', maxDepth: 3 }, fc.boolean(), tie('object')),
    };
  });
  // References lead to parts without references: what leads to itself is for other tests.
  const plain = object.map((part) => JSON.parse(JSON.stringify(part).replaceAll('"$ref":', '"title":')) as JsonObject);
  return fc.tuple(object, plain, plain).map(([whole, one, two]) => ({
    ...whole,
    ...(of2020 ? {} : { $schema: 'http://json-schema.org/draft-07/schema#' }),
    definitions: { one, two },
  }));
}
