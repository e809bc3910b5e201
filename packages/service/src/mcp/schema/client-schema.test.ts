// Schemas for clients: they take the same values as the author's, have nothing at their root that clients refuse, and
// say nothing that is not seen.
import type { Json, JsonObject, JsonSchema } from '@pypes/contract';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toInputSchema, toOutputSchema } from './client-schema.ts';

const compiler = createAjvCompiler();
const compile = (schema: JsonSchema): ((value: Json) => boolean) => {
  const check = compiler.compile(schema);
  return (value) => check(value).length === 0;
};
const AT_THE_ROOT = ['$ref', '$schema', '$id', 'allOf', 'anyOf', 'const', 'enum', 'not', 'oneOf'];

const name = fc.constantFrom('a', 'b', 'c', '__proto__');
const scalar = fc.oneof(
  fc.integer({ min: -3, max: 9 }),
  fc.constantFrom('', 'x', 'xyz', '2026-01-01'),
  fc.boolean(),
  fc.constant(null),
);
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
  ),
}));
const args = fc.dictionary(name, value, { maxKeys: 4 }) as fc.Arbitrary<JsonObject>;
const names = fc.uniqueArray(name, { maxLength: 2 });
const ref = fc.constantFrom('#/$defs/one', '#/definitions/two', '#', '#/properties/a');

const { schema: anySchema } = fc.letrec<{ schema: JsonSchema; node: JsonSchema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3 },
    fc.constant({}),
    fc.record(
      { type: fc.constantFrom('string', 'integer', 'array', 'object', 'boolean'), nullable: fc.constant(true) },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      { type: fc.constant(['string', 'null']), minLength: fc.nat(3), pattern: fc.constantFrom('^x', 'y') },
      { requiredKeys: [] },
    ),
    fc.record({ enum: fc.uniqueArray(scalar, { minLength: 1, maxLength: 3, selector: (one) => JSON.stringify(one) }) }),
    fc.record({ const: scalar, format: fc.constantFrom('date', 'colour', 'int32') }, { requiredKeys: [] }),
    fc.record({ minimum: fc.integer({ min: -2, max: 5 }), multipleOf: fc.constantFrom(1, 2) }, { requiredKeys: [] }),
    fc.record({ $ref: ref, maxProperties: fc.nat(2) }, { requiredKeys: ['$ref'] }),
    fc.record({ items: tie('schema'), contains: tie('schema'), uniqueItems: fc.boolean() }, { requiredKeys: [] }),
    tie('node'),
  ) as fc.Arbitrary<JsonSchema>,
  node: fc.record(
    {
      properties: fc.dictionary(name, tie('schema'), { maxKeys: 3 }),
      required: names,
      additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
      patternProperties: fc.dictionary(fc.constantFrom('^a', 'b$'), tie('schema'), { maxKeys: 1 }),
      unevaluatedProperties: fc.constant(false),
      dependencies: fc.dictionary(name, fc.oneof(names, tie('schema')), { maxKeys: 1 }),
      oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
      anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }),
      allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
      not: tie('schema'),
      if: tie('schema'),
      // biome-ignore lint/suspicious/noThenProperty: A keyword of JSON Schema
      then: tie('schema'),
      else: tie('schema'),
      $ref: ref,
      'x-note': fc.constant('ours'),
    },
    { requiredKeys: [] },
  ) as unknown as fc.Arbitrary<JsonSchema>,
}));

const author = fc
  .tuple(
    anySchema,
    fc.record({ one: anySchema, two: anySchema }),
    fc.constantFrom(
      undefined,
      'http://json-schema.org/draft-07/schema#',
      'https://json-schema.org/draft/2020-12/schema',
    ),
  )
  .map(
    ([root, { one, two }, dialect]): JsonSchema => ({
      ...(dialect === undefined ? {} : { $schema: dialect }),
      ...root,
      type: 'object',
      $defs: { one },
      definitions: { two },
      properties: { a: {}, ...((root.properties as JsonObject | undefined) ?? {}) },
    }),
  );

const viaJson = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json;

/** Compares the author's schema with the one that clients get, on values; how many were compared exactly. */
function compare(
  schema: JsonSchema,
  given: { readonly schema: JsonSchema; readonly findings: readonly string[] },
  values: readonly Json[],
  wrap = (one: Json): Json => one,
): number {
  let author: (value: Json) => boolean;
  try {
    author = compile(schema);
  } catch {
    // What our own check refuses cannot be called: clients are told nothing wrong about it.
    return 0;
  }
  const client = compile(given.schema);
  let exact = 0;
  for (const each of values.map(viaJson)) {
    let wanted: boolean;
    try {
      wanted = author(each);
    } catch {
      // Our own check fails on it: a schema that refers to itself and nothing else, or a mistake of Ajv's, which keeps no
      // account of properties where patternProperties and unevaluatedProperties meet inside a condition.
      continue;
    }
    const got = client(wrap(each));
    if (given.findings.length === 0) {
      exact += 1;
      expect(got).toBe(wanted);
    } else if (wanted) expect(got).toBe(true);
  }
  return exact;
}

describe('rewritten schemas', () => {
  test('take what the author’s take, and nothing else where nothing was left out', { timeout: 120_000 }, () => {
    let exact = 0;
    fc.assert(
      fc.property(author, fc.array(args, { minLength: 4, maxLength: 8 }), (schema, values) => {
        const { schema: given, findings } = toInputSchema(schema);
        expect(Object.keys(given).filter((key) => AT_THE_ROOT.includes(key))).toEqual([]);
        expect(given.type).toBe('object');
        exact += compare(schema, { schema: given, findings }, values);
      }),
      { numRuns: 200 },
    );
    expect(exact).toBeGreaterThan(100);
  });

  test('of results take what the author’s take, wrapped where they are no objects', { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(anySchema, fc.array(value, { minLength: 3, maxLength: 6 }), (root, values) => {
        const schema = { $defs: { one: {} }, definitions: { two: {} }, properties: { a: {} }, ...root };
        const given = toOutputSchema(schema);
        if (given.schema === undefined) return;
        expect(given.schema.type).toBe('object');
        const wrap = given.wrapped ? (one: Json): Json => ({ result: one }) : undefined;
        compare(schema, given, values, wrap);
      }),
      { numRuns: 120 },
    );
  });
});

test('a choice at the root is still shown to models', () => {
  const { schema, findings } = toInputSchema({
    type: 'object',
    oneOf: [
      {
        properties: { by: { const: 'id' }, id: { type: 'integer', description: 'Its number' } },
        required: ['by', 'id'],
      },
      { properties: { by: { const: 'name' }, name: { type: 'string' } }, required: ['by', 'name'] },
    ],
  });
  expect(findings).toEqual([]);
  expect(schema.oneOf).toBeUndefined();
  expect(schema.required).toEqual(['by']);
  expect(schema.properties).toEqual({
    by: { anyOf: [{ const: 'id' }, { const: 'name' }] },
    id: { description: 'Its number' },
    name: {},
  });
});

test.each<[string, JsonSchema]>([
  ['a reference elsewhere', { properties: { a: { $ref: 'https://example.com/a.json' } } }],
  ['a reference to nothing', { properties: { a: { $ref: '#/$defs/none' } } }],
  ['an anchor', { $defs: { a: { $anchor: 'x' } }, properties: { a: { $ref: '#x' } } }],
  [
    'an endless reference',
    { $defs: { a: { allOf: [{ $ref: '#/$defs/a' }] } }, properties: { a: { $ref: '#/$defs/a' } } },
  ],
  ['a type that is none', { properties: { a: { type: 'text' } } }],
  ['a list where a schema belongs', { properties: { a: [] as unknown as Json } }],
  ['a name that is not seen', { properties: { 'a\u200b': {} } }],
  ['a choice that is not seen', { properties: { a: { enum: ['x\u{e0041}'] } } }],
  ['too many levels', Array.from({ length: 80 }).reduce<JsonSchema>((inner) => ({ items: inner }), {})],
  ['too many characters', { properties: { a: { enum: ['x'.repeat(70_000)] } } }],
])('%s makes an open object, with the reason', (_what, schema) => {
  const given = toInputSchema({ type: 'object', ...schema });
  expect(given.schema).toEqual({ type: 'object', properties: {} });
  expect(given.findings).toHaveLength(1);
  expect(toOutputSchema({ type: 'object', ...schema }).schema).toBeUndefined();
});

test('texts of strangers are shown without what is not seen, and bounded', () => {
  const { schema } = toInputSchema({
    type: 'object',
    properties: { a: { description: `Its\u202e name\u{e0049}${'x'.repeat(5_000)}` } },
  });
  const { description } = (schema.properties as JsonObject).a as { description: string };
  expect(description).toHaveLength(1_024);
  expect(description.startsWith('Its namexxx')).toBe(true);
});
