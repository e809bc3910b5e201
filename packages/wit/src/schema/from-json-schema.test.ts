// JSON Schema → WIT: the schemas that agents have.
import { describe, expect, it } from 'vitest';
import { fromJsonSchema } from './from-json-schema.ts';
import type { JsonSchema } from './json.ts';

describe('fromJsonSchema', () => {
  it('turns the parameters of an agent into a record', () => {
    const schema: JsonSchema = {
      type: 'object',
      description: 'What to look up',
      properties: {
        city: { type: 'string', description: 'Where' },
        max_days: { type: 'integer', minimum: 1 },
        unit: { type: 'string', enum: ['C', 'F'] },
        where: {
          type: 'object',
          properties: { lat: { type: 'number' }, record: { type: ['boolean', 'null'] } },
          required: ['lat', 'record'],
        },
        tags: { type: 'array', items: { type: 'string' } },
        extra: { type: 'object', additionalProperties: { type: 'integer' } },
        choice: {
          oneOf: [
            { properties: { tag: { const: 'all' } } },
            { properties: { tag: { const: 'some' }, value: { $ref: '#/$defs/ids' } } },
          ],
        },
      },
      required: ['city', 'unit', 'tags', 'choice'],
      $defs: { ids: { type: 'array', items: { type: 'integer', minimum: 0, maximum: 4294967295 } } },
    };
    expect(fromJsonSchema(schema, 'weather-args')).toBe(`enum weather-args-unit {
  C,
  F,
}

record weather-args-where {
  lat: f64,
  %record: option<bool>,
}

variant weather-args-choice {
  all,
  some(list<u32>),
}

/// What to look up
record weather-args {
  /// Where
  city: string,
  max-days: option<s64>,
  unit: weather-args-unit,
  where: option<weather-args-where>,
  tags: list<string>,
  extra: option<map<string, s64>>,
  choice: weather-args-choice,
}
`);
  });

  it('names an alias where the type has no name of its own', () => {
    expect(fromJsonSchema({ type: 'string' }, 'City Name')).toBe('type city-name = string;\n');
    expect(fromJsonSchema({ type: ['string', 'null'] }, 'list')).toBe('type %list = option<string>;\n');
  });

  it.each<[JsonSchema, string]>([
    [{}, ''],
    [{ type: 'object' }, ''],
    [{ type: 'object', properties: { a: true } }, '/properties/a'],
    [{ type: 'object', properties: { 'a/b': { type: ['string', 'number'] } } }, '/properties/a~1b/type'],
    [{ type: 'object', properties: { a_b: { type: 'string' }, aB: { type: 'string' } } }, '/properties'],
    [{ type: 'array' }, ''],
    [{ type: 'array', items: { $ref: '#' } }, '/items'],
    [{ $ref: 'https://example.com/x' }, ''],
    [{ $ref: '#/$defs/none' }, ''],
    [{ enum: [1, 2] }, '/enum/0'],
    [{ enum: ['%'] }, '/enum'],
    [{ anyOf: [{ type: 'string' }, { type: 'number' }] }, '/anyOf/0'],
    [{ type: 'array', prefixItems: [{ type: 'string' }] }, '/items'],
  ])('says where %j has no type', (schema, pointer) => {
    expect(() => fromJsonSchema(schema, 'x')).toThrowError(
      expect.objectContaining({ name: 'JsonSchemaError', pointer }),
    );
  });
});
