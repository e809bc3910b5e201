// Generated arguments: the same for the same seed, within their schema, with the edges among them.
import { createAjvCompiler } from '@pypes/schemas/ajv';
import { describe, expect, it } from 'vitest';
import { generateCalls } from './arguments.ts';

const SCHEMA = {
  type: 'object',
  required: ['n', 'x', 's', 'list', 'kind'],
  additionalProperties: false,
  properties: {
    n: { type: 'integer', minimum: -5, maximum: 40 },
    x: { type: 'number', exclusiveMinimum: 0, maximum: 1e9 },
    s: { type: 'string', minLength: 2, maxLength: 20 },
    list: { type: 'array', items: { type: 'boolean' }, minItems: 1, maxItems: 4 },
    kind: { enum: ['a', 'b', 3] },
    open: { type: 'object', additionalProperties: { type: 'integer' } },
    maybe: { type: ['string', 'null'] },
  },
};

describe('generated arguments', () => {
  it('are the same for the same seed', () => {
    expect(generateCalls(SCHEMA, 50, 3)).toEqual(generateCalls(SCHEMA, 50, 3));
    expect(generateCalls(SCHEMA, 50, 3)).not.toEqual(generateCalls(SCHEMA, 50, 4));
  });

  it('fit their schema', () => {
    const check = createAjvCompiler().compile(SCHEMA);
    for (const args of generateCalls(SCHEMA, 500, 1)) expect(check(args)).toEqual([]);
  });

  it('have edges among them', () => {
    const calls = generateCalls(
      { type: 'object', properties: { s: { type: 'string' }, n: { type: 'number' }, o: { type: 'object' } } },
      2000,
      1,
    );
    const texts = new Set(calls.map(({ s }) => s));
    const numbers = new Set(calls.map(({ n }) => n));
    for (const edge of ['', '😀', '__proto__', 'İ']) expect(texts).toContain(edge);
    for (const edge of [0, -1, 1e21, 5e-324, 9007199254740992]) expect(numbers).toContain(edge);
    expect(calls.some(({ o, s }) => o === undefined || s === undefined)).toBe(true);
    expect(calls.some(({ o }) => typeof o === 'object' && o !== null && Object.hasOwn(o, '10'))).toBe(true);
  });
});
