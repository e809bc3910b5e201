// What a template lets through of a value is no more than the check counts: over all values of a type, a template has no
// more results than the bits say, and where they say none, it neither fails nor succeeds by the value.
import { isPypesError, type Json, type JsonSchema } from '@pypes/contract';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateTemplate } from './evaluate-template.ts';
import { parseTemplate } from './parse-template.ts';
import { typeTemplate } from './type-template.ts';

const schemas = createAjvCompiler();
const LEAVES: readonly JsonSchema[] = [
  { type: 'boolean' },
  { const: 1 },
  { type: 'integer', minimum: 0, maximum: 7 },
  { type: 'integer', minimum: -300, maximum: 300 },
  { type: 'number', minimum: 0, maximum: 1 },
  { type: 'string', maxLength: 3 },
  { type: 'string' },
  { type: 'string', maxLength: 0, nullable: true },
  { enum: ['x', 'yy', null] },
  { type: ['string', 'null'], maxLength: 1 },
  {},
];
const flag = { type: 'boolean' };
const TYPES: readonly JsonSchema[] = [
  ...LEAVES,
  ...LEAVES.flatMap((items): JsonSchema[] => [
    { type: 'array', items, maxItems: 3 },
    { type: 'array', items, minItems: 1, maxItems: 2 },
    { type: 'object', properties: { a: items }, required: ['a'], additionalProperties: false },
    { type: 'object', properties: { a: items, b: flag }, additionalProperties: false },
    { type: ['object', 'array'], properties: { a: items, 0: items, length: items }, additionalProperties: false },
    { properties: { a: items, 0: items, length: items } },
  ]),
  { type: 'array', prefixItems: [flag, { const: 1 }], items: false, minItems: 2 },
];
const SCALARS: readonly Json[] = [
  ...[null, true, false, 0, 1, 2, 5, 7, -1, 255, 0.25, 0.5, 0.75, '', 'a', 'b', 'ab', 'abc', 'ß', 'ΐ', ' a', '1'],
  ...['2020-01-01', '2021-06-05', 'one longer text', 'another one', 'x', 'yy'],
];
const VALUES: readonly Json[] = [
  ...SCALARS,
  [],
  {},
  ...SCALARS.map((x) => [x]),
  ...SCALARS.slice(0, 16).flatMap((x): Json[] => [[x, 1], [x, x, true], { a: x, b: true }, { b: false, a: x }]),
  ...SCALARS.map((a) => ({ a })),
  ...SCALARS.slice(0, 6).map((x) => ({ 0: x })),
  { b: true },
];
const HELD = new Map(TYPES.map((type) => [type, VALUES.filter((value) => schemas.compile(type)(value).length === 0)]));

const number = fc.constantFrom('0', '1', '2', '-1', '-5', '1.5');
const filter = fc.oneof(
  fc.constantFrom('upper', 'lower', 'trim', 'join', 'length', 'first', 'last', 'round', 'json', 'text', 'date'),
  number.map((digits) => `truncate(${digits})`),
  number.map((digits) => `round(${digits})`),
  fc.constantFrom('join("")', 'join("zz")', 'default("x")', 'default(0)', 'default(null)', 'default(input.k)'),
);
const filters = fc.array(filter, { maxLength: 3 }).map((names) => names.map((name) => ` | ${name}`).join(''));
const path = fc.constantFrom('input.s', 'input.s.a', 'input.s.b', 'input.s[0]', 'input.s[1]', 'input.s["length"]');
const other = fc.constantFrom('1', '"a"', 'true', 'input.s', '"abc"', 'input.k');
const expression = fc.oneof(
  fc.tuple(path, filters).map(([name, more]) => name + more),
  fc
    .tuple(path, filters, fc.constantFrom('==', '!=', '<', '>=', 'in'), other)
    .map(([name, more, operator, right]) => `${name}${more} ${operator} ${right}`),
  fc.tuple(path, filters).map(([name, more]) => `not ${name}${more}`),
  fc.tuple(path, path).map(([left, right]) => `${left} and ${right}`),
  fc.tuple(path, filters, filters).map(([name, more, after]) => `(${name}${more})${after}`),
  fc.tuple(path, filters).map(([name, more]) => `"abcdef" | truncate(${name}${more})`),
  fc.tuple(path, filters).map(([name, more]) => `input.l | join(${name}${more})`),
  fc.tuple(path, filters).map(([name, more]) => `input.k${more} | default(${name})`),
);
const source = fc
  .tuple(fc.constantFrom('', '', 'T:'), expression, fc.constantFrom('', '', '{{ input.k }}'))
  .map(([before, inner, after]) => `${before}{{ ${inner} }}${after}`);

/** What comes of a template over all values of a type, and what the check says of it. */
function observe(text: string, type: JsonSchema) {
  const template = parseTemplate(text);
  const properties = { s: type, k: { const: 'k' }, l: { const: ['p', 'q'] } };
  const whole = { type: 'object', properties, required: ['s', 'k', 'l'], additionalProperties: false };
  const uses = typeTemplate(template, new Map([['input', whole]])).uses.filter(({ steps }) => steps[0] === 's');
  const results = new Set<string>();
  let failures = 0;
  for (const s of HELD.get(type) ?? []) {
    try {
      results.add(JSON.stringify(evaluateTemplate(template, { input: { s, k: 'k', l: ['p', 'q'] } })));
    } catch (error) {
      if (!isPypesError(error)) throw error;
      failures += 1;
    }
  }
  return { uses, bits: uses.reduce((sum, use) => sum + use.bits, 0), results, failures };
}

describe('what a template lets through', () => {
  it('is no more than the check counts', () => {
    fc.assert(
      fc.property(source, fc.constantFrom(...TYPES), (text, type) => {
        const { uses, bits, results, failures } = observe(text, type);
        expect({ text, type, bits, told: Math.log2(Math.max(1, results.size)) <= bits + 1e-6 }).toMatchObject({
          told: true,
        });
        const tells = uses.length > 0 && bits === 0 && results.size > 0 && failures > 0;
        expect({ text, type, tells }).toMatchObject({ tells: false });
      }),
      { numRuns: 4_000 },
    );
  });

  it.each<[string, JsonSchema]>([
    ['{{ input.s | truncate(-1) }}', { type: 'string' }],
    ['{{ input.s | date | truncate(0) }}', { type: 'string' }],
    ['{{ input.s.a | default(0) }}', { type: 'object', properties: { a: { const: 1 } }, additionalProperties: false }],
    ['{{ input.s.a }}', { type: 'object', properties: { a: { const: 1 } }, additionalProperties: false }],
    ['{{ input.s[0] }}', { type: ['object', 'array'], properties: { 0: { const: 1 } }, additionalProperties: false }],
    ['{{ input.s | json }}', { const: { a: 1, b: 2 } }],
  ])('is counted in %s', (text, type) => {
    const { uses } = observe(text, type);
    // One that cuts everything off gives one text, whatever the value is.
    if (text.includes('truncate(-1)')) expect(uses.map(({ bits }) => bits)).toEqual([0]);
    else for (const { bits } of uses) expect(bits).toBeGreaterThan(0);
  });
});
