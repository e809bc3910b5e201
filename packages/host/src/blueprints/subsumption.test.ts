// The checker's view of schemas against a validator: what is said for certain is so (check 7), and so are sizes and bits.
import { type Json, type JsonSchema, jsonSize } from '@pypes/contract';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accepts, bitsOf, isSubsumed, sizeOf, toWithin } from './guard-check.ts';
import { schemaAt } from './template/schema-at.ts';

const schemas = createAjvCompiler();
/** Compiled once, since compiling is what takes the time. */
function validator(schema: JsonSchema): (value: Json) => boolean {
  const check = schemas.compile(schema);
  return (value) => check(value).length === 0;
}

const small = fc.integer({ min: 0, max: 3 });
const leaf: fc.Arbitrary<JsonSchema> = fc.oneof(
  fc.constantFrom<JsonSchema>(
    {},
    { type: 'null' },
    { type: 'boolean' },
    { type: 'string' },
    { type: ['string', 'null'] },
    { type: 'string', maxLength: 0, nullable: true },
    { type: 'boolean', nullable: true },
    { type: 'number' },
  ),
  fc.record({ type: fc.constantFrom('integer', 'number'), minimum: small, maximum: small.map((n) => n + 2) }),
  fc.record(
    { type: fc.constant('integer'), exclusiveMinimum: small, multipleOf: fc.constantFrom(1, 2) },
    { requiredKeys: ['type'] },
  ),
  fc.record(
    { type: fc.constant('string'), minLength: small, maxLength: small.map((n) => n + 2) },
    { requiredKeys: ['type'] },
  ),
  fc.subarray<Json>(['a', 1, null, true, [], { a: 1 }], { minLength: 1 }).map((values) => ({ enum: values })),
  fc.constantFrom<Json>('a', 1, null).map((value) => ({ const: value })),
);
const schema: fc.Arbitrary<JsonSchema> = fc.letrec<{ any: JsonSchema }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    leaf,
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(fc.constantFrom('a', 'b'), tie('any'), { maxKeys: 2 }),
        required: fc.subarray(['a', 'b']),
        additionalProperties: fc.oneof(fc.constant(false), fc.constant(true), tie('any')),
      },
      { requiredKeys: ['type', 'properties'] },
    ) as fc.Arbitrary<JsonSchema>,
    fc.record(
      { type: fc.constant('array'), items: tie('any'), minItems: small, maxItems: small.map((n) => n + 1) },
      { requiredKeys: ['type', 'items'] },
    ) as fc.Arbitrary<JsonSchema>,
    fc.record({
      type: fc.constant('array'),
      prefixItems: fc.array(tie('any'), { minLength: 1, maxLength: 2 }),
      items: fc.constant(false),
    }) as fc.Arbitrary<JsonSchema>,
    fc.array(tie('any'), { minLength: 1, maxLength: 2 }).map((anyOf) => ({ anyOf })),
    fc.array(tie('any'), { minLength: 1, maxLength: 2 }).map((oneOf) => ({ oneOf })),
    fc.array(tie('any'), { minLength: 1, maxLength: 2 }).map((allOf) => ({ allOf })),
  ),
})).any;
/** Two schemas, half of the time related, so that there is something to get wrong. */
const pair: fc.Arbitrary<readonly [JsonSchema, JsonSchema]> = fc
  .tuple(schema, schema, fc.nat({ max: 5 }))
  .map(([one, other, how]) => {
    if (how === 0) return [one, { anyOf: [other, one] }];
    if (how === 1) return [{ allOf: [one, other] }, one];
    if (how === 2) return [{ ...one, ...other }, one];
    return [one, other];
  });
const value: fc.Arbitrary<Json> = fc.letrec<{ any: Json }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom<Json>(null, true, false, 0, 1, 2, 3, 4, 1.5, -1, '', 'a', 'ab', 'abcde', [], {}, { a: 1 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('any'), { maxKeys: 3 }) as fc.Arbitrary<Json>,
    fc.array(tie('any'), { maxLength: 4 }) as fc.Arbitrary<Json>,
  ),
})).any;

describe('what is certain is so', () => {
  test('what fits is taken: no value of the first schema is refused by the second', () => {
    let fitting = 0;
    fc.assert(
      fc.property(pair, fc.array(value, { minLength: 12, maxLength: 12 }), ([from, to], values) => {
        if (isSubsumed(from, to).verdict !== 'fits') return;
        fitting++;
        const [isGiven, isTaken] = [validator(from), validator(to)];
        for (const item of values)
          if (isGiven(item)) expect({ from, to, item, taken: isTaken(item) }).toEqual({ from, to, item, taken: true });
      }),
      { numRuns: 1_200, seed: 11 },
    );
    expect(fitting).toBeGreaterThan(100);
  });

  test('one value: what is said of it is so', () => {
    fc.assert(
      fc.property(schema, value, (of, item) => {
        const verdict = accepts(toWithin(of), item);
        if (verdict !== 'unknown')
          expect({ of, item, verdict }).toEqual({ of, item, verdict: validator(of)(item) ? 'fits' : 'breaks' });
      }),
      { numRuns: 600, seed: 12 },
    );
  });

  test('no value is larger or smaller than its type says', () => {
    fc.assert(
      fc.property(schema, fc.array(value, { minLength: 12, maxLength: 12 }), (of, values) => {
        const { least, most } = sizeOf(of);
        const isValid = validator(of);
        for (const item of values) {
          if (isValid(item))
            expect({ of, item, in: jsonSize(item) >= least && jsonSize(item) <= most }).toEqual({ of, item, in: true });
        }
      }),
      { numRuns: 600, seed: 13 },
    );
  });

  test('there are no more values than the bits of a type can tell apart', () => {
    fc.assert(
      fc.property(
        schema,
        fc.uniqueArray(value, { minLength: 20, maxLength: 20, selector: (item) => JSON.stringify(item) }),
        (of, values) => {
          const isValid = validator(of);
          const count = values.filter(isValid).length;
          if (count > 0)
            expect({ of, count, bits: bitsOf(of) >= Math.log2(count) - 1e-9 }).toEqual({ of, count, bits: true });
        },
      ),
      { numRuns: 600, seed: 14 },
    );
  });
});

describe('what is useful', () => {
  const closed = (properties: JsonSchema, required = Object.keys(properties)): JsonSchema => ({
    type: 'object',
    properties,
    required,
    additionalProperties: false,
  });
  const tree: JsonSchema = {
    $ref: '#/$defs/t',
    $defs: { t: closed({ next: { anyOf: [{ $ref: '#/$defs/t' }, { type: 'null' }] } }) },
  };
  const other: JsonSchema = {
    $ref: '#/$defs/u',
    $defs: { u: closed({ next: { anyOf: [{ type: 'null' }, { $ref: '#/$defs/u' }] } }, []) },
  };
  const shape = (tags: readonly string[]): JsonSchema => ({
    oneOf: tags.map((tag) => closed({ tag: { const: tag }, value: { type: 'number' } })),
  });

  test.each<[string, JsonSchema, JsonSchema, string]>([
    ['an integer where a number is taken', { type: 'integer' }, { type: 'number' }, 'fits'],
    ['a number where an integer is taken', { type: 'number' }, { type: 'integer' }, 'breaks'],
    [
      'an optional value where it has to be',
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
      { type: 'string' },
      'breaks',
    ],
    ['fewer cases of a variant', shape(['a']), shape(['a', 'b']), 'fits'],
    ['more cases of a variant', shape(['a', 'c']), shape(['a', 'b']), 'breaks'],
    ['a schema that holds itself', tree, other, 'fits'],
    ['and the other way round, where a part may be missing', other, tree, 'breaks'],
    ['nothing stated', {}, { type: 'string' }, 'unknown'],
    ['a text without a length', { type: 'string' }, { type: 'string', maxLength: 5 }, 'unknown'],
    ['a text that may be too long', { type: 'string', maxLength: 9 }, { type: 'string', maxLength: 5 }, 'breaks'],
    ['a pattern', { type: 'string' }, { type: 'string', pattern: '^a' }, 'unknown'],
    ['the same pattern', { type: 'string', pattern: '^a' }, { type: 'string', pattern: '^a' }, 'fits'],
    ['a property that is not taken', closed({ a: {}, b: {} }), closed({ a: {} }), 'breaks'],
    ['a property that is missing', closed({}), closed({ a: {} }), 'breaks'],
    [
      '64-bit integers',
      { type: ['integer', 'string'], minimum: 0, pattern: '^[0-9]+$', 'x-wit': 'u64' },
      { 'x-wit': 'u64', type: ['integer', 'string'], pattern: '^[0-9]+$', minimum: 0 },
      'fits',
    ],
    ['a reference that leads nowhere', { $ref: '#/$defs/none' }, { type: 'string' }, 'unknown'],
    [
      'a reference in a circle',
      { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } },
      { type: 'string' },
      'unknown',
    ],
  ])('%s', (_name, from, to, verdict) => expect(isSubsumed(from, to).verdict).toBe(verdict));

  test('choices of choices end', () => {
    let [from, to]: JsonSchema[] = [{ type: 'string' }, { type: 'integer' }];
    for (let depth = 0; depth < 40; depth++) {
      from = {
        title: `${depth}`,
        anyOf: [from as JsonSchema, { type: 'array', items: from as JsonSchema }],
        description: 'x',
      };
      to = {
        title: `${depth}`,
        anyOf: [{ type: 'array', items: to as JsonSchema }, to as JsonSchema, { type: 'null' }],
      };
    }
    expect(['breaks', 'unknown']).toContain(isSubsumed(from as JsonSchema, to as JsonSchema).verdict);
  });

  test('schemas that double with every step cost no more than others', () => {
    const names = Array.from({ length: 60 }, (_, number) => `d${number}`);
    const branches = (number: number) => [{ $ref: `#/$defs/d${number}` }, { $ref: `#/$defs/d${number}` }];
    const $defs = Object.fromEntries(
      names.map((name, number) => [name, number === 59 ? { type: 'null' } : { anyOf: branches(number + 1) }]),
    );
    const bomb: JsonSchema = { $ref: '#/$defs/d0', $defs };
    const same: JsonSchema = { properties: { a: { $ref: '#' } }, required: ['a'], type: 'object' };
    expect(bitsOf(bomb)).toBe(Number.POSITIVE_INFINITY);
    expect(sizeOf(bomb).most).toBe(Number.POSITIVE_INFINITY);
    expect(accepts(toWithin(bomb), 1)).toBe('unknown');
    expect(isSubsumed({ type: 'integer' }, bomb).verdict).not.toBe('fits');
    expect(schemaAt(bomb, ['a'])).toMatchObject({ kind: 'found' });
    expect(
      isSubsumed(same, {
        oneOf: [
          { ...same, title: 'x' },
          { ...same, title: 'y' },
        ],
      }).verdict,
    ).not.toBe('breaks');
  });

  test('bits of WIT types', () => {
    expect(bitsOf({ type: 'boolean' })).toBe(1);
    expect(bitsOf({ type: 'integer', minimum: 0, maximum: 255 })).toBe(8);
    expect(bitsOf({ enum: ['a', 'b', 'c', 'd'] })).toBe(2);
    const u64 = { type: ['integer', 'string'], pattern: '^(0|[1-9][0-9]{0,19})$', 'x-wit': 'u64' };
    expect(bitsOf(u64)).toBe(64);
    expect(bitsOf(tree)).toBe(Number.POSITIVE_INFINITY);
  });

  const OLDER = 'http://json-schema.org/draft-07/schema#';
  test.each<[string, JsonSchema]>([
    ['an annotation of WIT on a text', { type: 'string', 'x-wit': 'u64' }],
    [
      'an annotation of WIT beside a pattern of its own',
      { type: ['integer', 'string'], pattern: '.*', 'x-wit': 'u64' },
    ],
    ['no type that there is, where nobody checks schemas', { $ref: '#/x/y', x: { y: { type: [] } } }],
    ['another type that there is not', { $ref: '#/x/y', x: { y: { type: 'any' } } }],
    ['a choice of nothing', { anyOf: [] }],
    ['the keyword of another draft', { $schema: OLDER, type: 'array', prefixItems: [{ const: 1 }], maxItems: 1 }],
    ['a list of items', { $schema: OLDER, type: 'array', items: [{ const: 1 }], maxItems: 1 }],
  ])('whoever writes %s has not bounded anything', (_what, of) => {
    expect(bitsOf(of)).toBe(Number.POSITIVE_INFINITY);
  });

  test('null counts where a schema lets it through', () => {
    expect(bitsOf({ type: 'string', maxLength: 0, nullable: true })).toBe(1);
  });

  test('the order of properties counts', () => {
    const names = ['a', 'b', 'c'];
    const orders = Math.log2(6);
    const properties = Object.fromEntries(names.map((name) => [name, { const: 1 }]));
    expect(bitsOf({ type: 'object', properties, required: names, additionalProperties: false })).toBeCloseTo(orders);
    expect(bitsOf({ const: { a: 1, b: 2, c: 3 } })).toBeCloseTo(orders);
    expect(bitsOf({ const: [{ a: 1, b: 2, c: 3 }, { a: { a: 1, b: 2 } }] })).toBeCloseTo(orders + 1);
    expect(bitsOf({ enum: [{ a: 1, b: 2 }, 'x'] })).toBeCloseTo(Math.log2(3));
  });
});
