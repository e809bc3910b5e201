// WIT → JSON Schema: what a component's functions look like to who calls them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { ResolvedWit, TypeDefinition, WitFunction } from '../resolved.ts';
import { WitUnsupportedError } from './errors.ts';
import { errorSchema, parametersSchema, resultSchema, toJsonSchema } from './to-json-schema.ts';

const owner = { interface: 0 };
const types: readonly TypeDefinition[] = [
  { name: 'money', kind: { type: 'f64' }, owner, docs: { contents: 'In euros' } },
  {
    name: 'quote',
    kind: {
      record: {
        fields: [
          { name: 'symbol', type: 'string', docs: { contents: 'The ticker' } },
          { name: 'price', type: 0 },
          { name: 'note', type: 2 },
        ],
      },
    },
    owner,
    docs: { contents: 'A price' },
  },
  { name: null, kind: { option: 'string' }, owner: null },
  { name: null, kind: { option: 2 }, owner: null },
  { name: null, kind: { list: 1 }, owner: null },
  { name: null, kind: { result: { ok: 4, err: 6 } }, owner: null },
  {
    name: 'failure',
    kind: {
      variant: {
        cases: [
          { name: 'closed', type: null },
          { name: 'denied', type: 'string', docs: { contents: 'Why' } },
        ],
      },
    },
    owner,
  },
  { name: null, kind: { stream: 'u8' }, owner: null },
  { name: 'side', kind: { enum: { cases: [{ name: 'buy', docs: { contents: 'Take' } }, { name: 'sell' }] } }, owner },
  { name: null, kind: { map: ['u32', 'bool'] }, owner: null },
];
const resolved: ResolvedWit = { worlds: [], interfaces: [], types, packages: [] };
const getQuotes: WitFunction = {
  name: 'get-quotes',
  kind: 'freestanding',
  params: [
    { name: 'first', type: 1 },
    { name: 'second', type: 1 },
    { name: 'note', type: 2 },
  ],
  result: 5,
};

describe('parametersSchema', () => {
  it('is an object by name, with options left out and named types defined once', () => {
    expect(parametersSchema(resolved, getQuotes)).toEqual({
      type: 'object',
      properties: {
        first: { $ref: '#/$defs/quote' },
        second: { $ref: '#/$defs/quote' },
        note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      },
      required: ['first', 'second'],
      additionalProperties: false,
      $defs: {
        quote: {
          type: 'object',
          description: 'A price',
          properties: {
            symbol: { type: 'string', description: 'The ticker' },
            price: {
              type: ['number', 'string'],
              pattern: '^(NaN|-?Infinity|-0)$',
              'x-wit': 'f64',
              description: 'In euros',
            },
            note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
          },
          required: ['symbol', 'price'],
          additionalProperties: false,
        },
      },
    });
  });

  it('refuses a stream and names the function and the place', () => {
    const called: WitFunction = { name: 'send', kind: 'freestanding', params: [{ name: 'body', type: 7 }] };
    expect(() => parametersSchema(resolved, called)).toThrowError(
      expect.objectContaining({ code: 'stream', function: 'send', path: 'body' }),
    );
    expect(() => toJsonSchema(resolved, 'error-context')).toThrowError(
      expect.objectContaining({ code: 'error-context' }),
    );
  });
});

describe('resultSchema and errorSchema', () => {
  it('split a result into what is given and what a failure carries', () => {
    expect(resultSchema(resolved, getQuotes)).toMatchObject({ type: 'array', items: { $ref: '#/$defs/quote' } });
    expect(errorSchema(resolved, getQuotes)).toEqual({
      oneOf: [
        { type: 'object', properties: { tag: { const: 'closed' } }, required: ['tag'], additionalProperties: false },
        {
          type: 'object',
          description: 'Why',
          properties: { tag: { const: 'denied' }, value: { type: 'string' } },
          required: ['tag', 'value'],
          additionalProperties: false,
        },
      ],
    });
  });

  it('is null where nothing is given', () => {
    const called: WitFunction = { name: 'f', kind: 'freestanding', params: [] };
    expect([resultSchema(resolved, called), errorSchema(resolved, called)]).toEqual([{ type: 'null' }, undefined]);
  });
});

describe('toJsonSchema', () => {
  it('keeps none, some(none) and some(some) apart', () => {
    const isValid = new Ajv2020({ strict: false }).compile(toJsonSchema(resolved, 3));
    expect([null, { some: null }, { some: 'x' }, 'x', {}].map((value) => isValid(value))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  it('lists the docs of cases, and bounds keys of maps', () => {
    expect(toJsonSchema(resolved, 8)).toEqual({ type: 'string', enum: ['buy', 'sell'], description: 'buy: Take' });
    expect(toJsonSchema(resolved, 9)).toMatchObject({ type: 'object', propertyNames: { 'x-wit': 'u32' } });
  });

  it('refuses types in a circle, too deep, of no index and with odd names', () => {
    const code = (kinds: readonly TypeDefinition['kind'][]): string => {
      const arena = { ...resolved, types: kinds.map((kind) => ({ name: null, kind, owner: null })) };
      try {
        return JSON.stringify(toJsonSchema(arena, 0));
      } catch (error) {
        return error instanceof WitUnsupportedError ? error.code : 'other';
      }
    };
    expect(code([{ list: 0 }])).toBe('depth');
    expect(code([{ type: 0 }])).toBe('depth');
    expect(code(Array.from({ length: 200 }, (_, index) => ({ list: index + 1 })))).toBe('depth');
    expect(code([{ list: 7 }])).toBe('index');
    expect(code([{ record: { fields: [{ name: '__proto__', type: 'u8' }] } }])).toBe('name');
    expect(code([{ map: ['f64', 'u8'] }])).toBe('map-key');
  });
});

const FOLDER = join(process.env.PYPES_TEST_DATA ?? '../shared/data', 'wit');

describe.skipIf(!existsSync(FOLDER))('the published goldens (skipped where the data is not there)', () => {
  const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.wit.json')) : [];
  it.each(files)('%s has valid schemas, or says why not', (file) => {
    const arena = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as ResolvedWit;
    const functions = arena.interfaces.flatMap((found) => Object.values(found.functions));
    for (const called of functions) {
      try {
        new Ajv2020({ strict: false }).compile(parametersSchema(arena, called));
        new Ajv2020({ strict: false }).compile(resultSchema(arena, called));
      } catch (error) {
        if (!(error instanceof WitUnsupportedError)) throw error;
        expect(error.function).toBe(called.name);
      }
    }
  });
});
