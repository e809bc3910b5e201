// The driver that generates no code.
import type { Json, JsonObject } from '@pypes/contract';
import { describe, expect, it } from 'vitest';
import { testCompiler } from '../testing/test-compiler.ts';
import { testOfficialSuite } from '../testing/test-official.ts';
import { createPortableCompiler } from './compiler.ts';

const compiler = createPortableCompiler();

testCompiler(createPortableCompiler);

testOfficialSuite(compiler, [
  // As Ajv decides: what stands beside a reference counts in draft 7 too.
  /ref overrides any sibling|\$ref prevents a sibling/,
  // These lead to other documents.
  /strict-tree|tests for implementation dynamic anchor|independent of order|finds detached/,
]);

describe('the portable driver', () => {
  it('generates no code', () => {
    const { Function: original } = globalThis;
    globalThis.Function = (() => {
      throw new Error('Code generation is refused here');
    }) as unknown as FunctionConstructor;
    try {
      expect(compiler.compile({ properties: { a: { pattern: '^x' } } })({ a: 'y' })).toHaveLength(1);
    } finally {
      globalThis.Function = original;
    }
  });

  it('gives up on a schema whose check doubles with every reference', () => {
    const $defs: Record<string, Json> = { p40: true };
    for (let level = 0; level < 40; level += 1) {
      const next = { $ref: `#/$defs/p${level + 1}` };
      $defs[`p${level}`] = { allOf: [next, next] };
    }
    const schema: JsonObject = { $defs, $ref: '#/$defs/p0' };
    expect(
      compiler
        .compile(schema)(1)
        .map(({ path }) => path),
    ).toEqual(['']);
  });

  it('sees what is left over by the parts of a schema, in each place for itself', () => {
    const check = compiler.compile({
      anyOf: [{ properties: { a: { type: 'number' } }, required: ['a'] }, { properties: { b: true } }],
      unevaluatedProperties: false,
    });
    expect([check({ a: 1, b: 2 }).length, check({ a: 'x', b: 2 }).length, check({ b: 1, c: 1 }).length]).toEqual([
      0, 1, 1,
    ]);
  });
});
