// Templates: what they give, what they refuse, and that their types keep what they promise.
import type { Json, JsonSchema } from '@pypes/contract';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluateCondition, evaluateTemplate } from './evaluate-template.ts';
import { FILTERS } from './filters.ts';
import { parseTemplate } from './parse-template.ts';
import { TemplateError } from './tokens.ts';
import { typeTemplate } from './type-template.ts';

const schemas = createAjvCompiler();
const SCOPE = {
  input: { name: 'Ann', 'the-list': ['a', 'b'], empty: [], none: null, deep: { list: [{ x: 1 }] } },
  price: { output: 12.345, status: 'done', error: null },
};
const give = (source: string) => evaluateTemplate(parseTemplate(source), SCOPE);
const refuse = (source: string) => {
  try {
    return give(source);
  } catch (error) {
    return (error as { readonly code?: string }).code;
  }
};

describe('values', () => {
  test.each<[string, Json]>([
    ['plain', 'plain'],
    ['{{ price.output }}', 12.345],
    ['{{price.output}} EUR', '12.345 EUR'],
    ['{{ input.deep }}', { list: [{ x: 1 }] }],
    ['{{ input.deep.list[0].x }}', 1],
    ['{{ input["the-list"][1] }}', 'b'],
    ['{{ input.the-list | join("-") }}', 'a-b'],
    ['{{ input.the-list | first | upper }}', 'A'],
    ['{{ input.empty | last }}', null],
    ['{{ input.missing | default("x") }}', 'x'],
    ['{{ input.none | default(1) }}', 1],
    ['<{{ input.none }}>', '<>'],
    ['{{ price.output | round }}', 12],
    ['{{ price.output | round(1) }}', 12.3],
    ['{{ price.output > 10 and not (input.name == "Bob") }}', true],
    ['{{ 1 > 2 or 2 >= 2 }}', true],
    ['{{ "b" in input.the-list }}', true],
    ['{{ "nn" in input.name }}', true],
    ['{{ input.deep == input.deep }}', true],
    ['{{ input.deep | json }}', '{"list":[{"x":1}]}'],
    ['{{ input.name | length }}', 3],
    ['{{ " x " | trim }}', 'x'],
    ['{{ "abc" | truncate(2) }}', 'ab'],
    ['{{ -1.5e1 }}', -15],
    ['{{ 86400000 | date }}', '1970-01-02'],
    ['{{ "2024-02-29T23:59:59+02:00" | date }}', '2024-02-29'],
    ['{{ "}}" }}', '}}'],
    ['{{ "{{" }}', '{{'],
    ["{{ 'it\\'s' }}", "it's"],
  ])('%s', (source, value) => expect(give(source)).toEqual(value));

  test('what is not there, or of another type, is said with its place', () => {
    for (const source of [
      '{{ nothing }}',
      '{{ input.missing }}',
      '{{ input.name.first }}',
      '{{ price.output | upper }}',
      '{{ input.name > 3 }}',
      '{{ not input.name }}',
      '{{ input.name | date }}',
    ]) {
      expect(refuse(source)).toBe('invalid_input');
    }
    expect(() => evaluateCondition(parseTemplate('{{ price.output }}'), SCOPE)).toThrow(/true or false/);
  });

  test('neither the prototype nor its names can be reached', () => {
    for (const source of [
      '{{ constructor }}',
      '{{ input.constructor }}',
      '{{ input.__proto__ }}',
      '{{ input.name.length }}',
      '{{ input["toString"] }}',
    ]) {
      expect(refuse(source)).toBe('invalid_input');
    }
    expect(() => parseTemplate('{{ input | constructor }}')).toThrow(TemplateError);
  });

  test('the size of what comes out is bounded, and so is what is made on the way', () => {
    const big = { input: { list: Array.from({ length: 5_000 }, () => 'x'), text: 'y'.repeat(5_000) } };
    for (const source of [
      '{{ input.list | join(input.text) }}',
      '{{ input.list | join(input.text) | length }}',
      '{{ input.text }}{{ input.text }}',
      '{{ input.list }}',
    ]) {
      expect(() => evaluateTemplate(parseTemplate(source), big, 9_000)).toThrow(
        expect.objectContaining({ code: expect.stringMatching(/too_large|invalid_input/) }),
      );
    }
  });
});

describe('syntax', () => {
  test.each([
    ['{{ a', 2],
    ['x {{ a b }}', 7],
    ['{{ }}', 3],
    ['{{ a. }}', 6],
    ['{{ a[-1] }}', 5],
    ['{{ a | }}', 7],
    ['{{ a | uper }}', 7],
    ['{{ a | join(1, 2) }}', 7],
    ['{{ a < b < c }}', 9],
    ['{{ (a }}', 6],
    ['{{ "a }}', 3],
    ['{{ and }}', 3],
    ['{{ a @ b }}', 5],
  ])('%s', (source, offset) => {
    try {
      parseTemplate(source);
      expect.unreachable();
    } catch (error) {
      expect([(error as Error).name, (error as TemplateError).offset]).toEqual(['TemplateError', offset]);
    }
  });

  test('nesting is bounded', () => {
    for (const source of [`{{ ${'('.repeat(5_000)}1`, `{{ ${'not '.repeat(5_000)}true }}`])
      expect(() => parseTemplate(source)).toThrow(TemplateError);
  });

  test('no text makes it fail in another way', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.constantFrom(
              '{{',
              '}}',
              '|',
              '(',
              ')',
              '.',
              '[',
              ']',
              '"',
              "'",
              'a',
              '1',
              ' ',
              'not ',
              '==',
              ',',
              'join',
            ),
            fc.string({ maxLength: 3 }),
          ),
          { maxLength: 25 },
        ),
        (parts) => {
          try {
            parseTemplate(parts.join(''));
          } catch (error) {
            expect((error as Error).name).toBe('TemplateError');
          }
        },
      ),
    );
  });
});

describe('types', () => {
  const price: JsonSchema = {
    type: 'object',
    properties: { output: { type: 'number' }, status: { enum: ['done', 'skipped'] } },
    required: ['output', 'status'],
    additionalProperties: false,
  };
  const typeOf = (source: string, input?: JsonSchema) =>
    typeTemplate(
      parseTemplate(source),
      new Map([
        ['price', price],
        ['input', input],
      ]),
    );

  test('what a template is, and how many bits of each value are in it', () => {
    expect(typeOf('{{ price.output > 100 }}')).toMatchObject({
      schema: { type: 'boolean' },
      uses: [{ bits: 1 }],
      problems: [],
    });
    expect(typeOf('{{ price.output }}')).toMatchObject({ schema: { type: 'number' }, uses: [{ bits: 64 }] });
    expect(typeOf('mail {{ price.status }}')).toMatchObject({ schema: { type: 'string' }, uses: [{ bits: 1 }] });
    expect(typeOf('{{ input.a | truncate(1) }}').uses[0]?.bits).toBeLessThan(22);
    expect(typeOf('{{ input.a }}')).toMatchObject({ uses: [{ bits: Number.POSITIVE_INFINITY }], problems: [] });
  });

  test('what is wrong for certain, and what may be', () => {
    expect(typeOf('{{ price.ouput }}').problems).toMatchObject([{ sure: true }]);
    expect(typeOf('{{ prize.output }}').problems).toMatchObject([{ sure: true }]);
    expect(typeOf('{{ price.output | upper }}').problems).toMatchObject([{ sure: true }]);
    expect(typeOf('{{ price.status > 1 and price.output }}').problems).toMatchObject([{ sure: true }]);
    const open: JsonSchema = { type: 'object', properties: { a: { type: ['string', 'null'] } }, required: [] };
    expect(typeOf('{{ input.a }}', open).problems).toMatchObject([{ sure: false }]);
    expect(typeOf('{{ input.a | default("") }}', open).problems).toEqual([]);
  });

  test('every value is of the type that was promised', () => {
    const leaf = fc.oneof(
      fc.constant<JsonSchema>({ type: 'string', maxLength: 4 }),
      fc.constant<JsonSchema>({ type: 'integer', minimum: -5, maximum: 300 }),
      fc.constant<JsonSchema>({ type: 'array', items: { type: 'string', maxLength: 2 }, maxItems: 3 }),
      fc.constant<JsonSchema>({ anyOf: [{ type: 'string', maxLength: 2 }, { type: 'null' }] }),
    );
    const source = fc
      .tuple(fc.array(fc.constantFrom(...Object.keys(FILTERS)), { maxLength: 3 }), fc.boolean())
      .map(([names, alone]) => {
        const filters = names.map((name) =>
          name === 'default' ? ' | default("none")' : name === 'truncate' ? ' | truncate(2)' : ` | ${name}`,
        );
        return `${alone ? '' : 'a'}{{ input.v${filters.join('')} }}`;
      });
    fc.assert(
      fc.property(leaf, source, fc.nat(), (schema, text, pick) => {
        const values: readonly Json[] = ['', 'aß', 'x', 'ΐΐΐΐ', -5, 300, 0, [], ['a'], ['a', 'bb', 'c'], null];
        const fitting = values.filter((value) => schemas.compile(schema)(value).length === 0);
        const value = fitting[pick % fitting.length] as Json;
        const template = parseTemplate(text);
        const { schema: promised } = typeTemplate(
          template,
          new Map([['input', { type: 'object', properties: { v: schema }, required: ['v'] }]]),
        );
        let result: Json;
        try {
          result = evaluateTemplate(template, { input: { v: value } });
        } catch {
          return;
        }
        if (promised !== undefined) expect(schemas.compile(promised)(result)).toEqual([]);
      }),
      { numRuns: 250 },
    );
  });
});
