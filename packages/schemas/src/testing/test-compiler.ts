// What every JSON Schema driver does: both drafts, every violation listed, nothing that a stranger can hang it with.
import { isPypesError, type Json, type JsonObject, type JsonSchema, type SchemaCompiler } from '@pypes/contract';
import { describe, expect, it } from 'vitest';

/** The suite that every driver passes. */
export function testCompiler(create: () => SchemaCompiler): void {
  const compiler = create();
  const paths = (schema: Json, value: Json) =>
    compiler
      .compile(schema as JsonSchema)(value)
      .map((violation) => violation.path);

  /** How a value is refused that nothing can fit: with the schema, or when it is checked. */
  const refusal = (schema: JsonObject, value: Json) => {
    try {
      return paths(schema, value).length > 0 ? 'invalid' : 'valid';
    } catch (error) {
      return isPypesError(error) ? error.code : error;
    }
  };

  describe('compile', () => {
    it('lists every violation with its path', () => {
      const schema = {
        type: 'object',
        required: ['city'],
        additionalProperties: false,
        properties: { city: {}, days: { type: 'integer', minimum: 1 }, unit: { enum: ['C', 'F'] } },
      };
      expect(paths(schema, { days: 0, unit: 'K', x: 1 })).toEqual(['', '', '/days', '/unit']);
      expect(paths(schema, { city: 'Oslo' })).toEqual([]);
    });

    it('writes paths as JSON pointers', () => {
      const schema = { additionalProperties: { items: { type: 'string' } } };
      expect(paths(schema, { 'a/b~c d': ['x', 1] })).toEqual(['/a~1b~0c d/1']);
    });

    it('takes draft 7 where $schema says so', () => {
      const schema = { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'string' }] };
      expect(paths(schema, [1])).toHaveLength(1);
    });

    it('compiles two schemas with one $id', () => {
      expect(paths({ $id: 'https://example.com/a', type: 'string' }, 'x')).toEqual([]);
      expect(paths({ $id: 'https://example.com/a', type: 'number' }, 'x')).toEqual(['']);
    });

    it('leaves the schema and the value as they are: no defaults, no coercion', () => {
      const schema = { properties: { a: { type: 'integer', default: 1 } }, $defs: { b: { $ref: '#' } } };
      const value = { b: 2 };
      const before = JSON.stringify([schema, value]);
      expect(paths(Object.freeze(schema), Object.freeze(value))).toEqual([]);
      expect(paths(schema, { a: '1' })).toEqual(['/a']);
      expect(JSON.stringify([schema, value])).toBe(before);
    });

    it('reports at most a hundred violations', () => {
      const many = Array.from({ length: 10_000 }, (_, index) => index);
      expect(paths({ items: { type: 'string' } }, many)).toHaveLength(100);
    });

    it('takes the formats it knows, and lets others be', () => {
      expect(paths({ format: 'date' }, '2026-02-30')).toEqual(['']);
      expect(paths({ format: 'int32' }, 2 ** 31)).toEqual(['']);
      expect(paths({ format: 'date', formatMinimum: '2026-01-01' }, '2025-12-31')).toEqual(['']);
      expect(paths({ format: 'nonsense' }, 'x')).toEqual([]);
    });
  });

  describe('a schema that cannot be used', () => {
    it.each<JsonObject>([
      { type: 'nonsense' },
      { type: [] },
      { minLength: -1 },
      { required: 'city' },
      { required: ['a', 'a'] },
      { properties: { a: 1 } },
      { $defs: { a: { type: 'nonsense' } } },
      { allOf: [] },
      { enum: [] },
      { multipleOf: 0 },
      { description: 1 },
      { nullable: true },
      { id: 'x' },
      { pattern: '(?=a)b' },
      { pattern: '(a)\\1' },
      { pattern: '(' },
      { patternProperties: { '(': {} } },
      { $ref: '#/nowhere' },
      { $ref: '#nowhere' },
      { $ref: 'https://example.com/elsewhere' },
      { $ref: 'file:///etc/passwd' },
      { $schema: 'http://json-schema.org/draft-04/schema#' },
      { $schema: 1 },
      { $defs: { a: { $id: 'https://example.com/a' }, b: { $id: 'https://example.com/a' } } },
    ])('refuses %j', (schema) => {
      expect(() => compiler.compile(schema)).toThrowError(expect.objectContaining({ code: 'agent_broken' }));
    });

    it('says so where it nests too deeply, or contains itself', () => {
      let deep: JsonObject = {};
      for (let level = 0; level < 100_000; level += 1) deep = { not: deep };
      const cyclic: Record<string, Json> = {};
      cyclic.not = cyclic;
      expect(['agent_broken', 'invalid']).toContain(refusal(deep, 'x'));
      expect(['agent_broken', 'invalid']).toContain(refusal(cyclic, 'x'));
    });
  });

  describe('references', () => {
    it('stay within the schema', () => {
      const schema = { $defs: { 'a/b': { type: 'string' } }, properties: { x: { $ref: '#/$defs/a~1b' } } };
      expect(paths(schema, { x: 1 })).toEqual(['/x']);
    });

    it('lead to anchors and identifiers in it', () => {
      const schema = {
        $id: 'https://example.com/root',
        $defs: { a: { $anchor: 'here', type: 'string' }, b: { $id: 'part', type: 'number' } },
        prefixItems: [{ $ref: '#here' }, { $ref: 'part' }],
      };
      expect(paths(schema, [1, 'x'])).toEqual(['/0', '/1']);
      expect(paths(schema, ['x', 1])).toEqual([]);
    });

    it('may be recursive', () => {
      const schema = { properties: { next: { $ref: '#' }, value: { type: 'string' } } };
      expect(paths(schema, { next: { next: { value: 1 } } })).toEqual(['/next/next/value']);
    });

    it('that lead nowhere but to themselves fit no value', () => {
      expect(paths({ $ref: '#' }, 1)).toEqual(['']);
      const $defs = { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } };
      expect(['agent_broken', 'invalid']).toContain(refusal({ $defs, $ref: '#/$defs/a' }, 1));
    });
  });

  describe('attacks', () => {
    it('matches hostile patterns in linear time', () => {
      const text = `${'a'.repeat(50_000)}!`;
      for (const pattern of ['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '(.*)*x$']) {
        expect(paths({ pattern }, text)).toHaveLength(1);
        expect(paths({ patternProperties: { [pattern]: false } }, { [text]: 1 })).toEqual([]);
      }
    });

    it('decides formats of long texts in linear time', () => {
      expect(paths({ format: 'url' }, `http://${'a:'.repeat(100_000)}!`)).toEqual(['']);
    });

    it('compares many items without comparing each with each', () => {
      const items = Array.from({ length: 200_000 }, (_, index) => ({ index }));
      const check = compiler.compile({ uniqueItems: true });
      expect(check(items)).toEqual([]);
      expect(check([...items, { index: 7 }])).toHaveLength(1);
    });

    it('finds a value that nests beyond the stack invalid, and does not fall over', () => {
      const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`) as Json;
      expect(paths({ items: { $ref: '#' } }, deep)).toEqual(['']);
    });

    it('takes the names of what every object has for what they are', () => {
      const schema = { properties: { constructor: { type: 'number' } }, required: ['toString'] };
      expect(paths(schema, {})).toEqual(['']);
      expect(paths({ additionalProperties: false, properties: { a: {} } }, { hasOwnProperty: 1 })).toEqual(['']);
      expect(paths({ dependentRequired: { valueOf: ['x'] } }, {})).toEqual([]);
    });

    it('leaves nothing behind that makes a second check differ', () => {
      const check = compiler.compile({ items: { $ref: '#' }, type: 'array' });
      const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`) as Json;
      expect([check(deep).length, check([[], 1]).map(({ path }) => path)]).toEqual([1, ['/1']]);
    });
  });
}
