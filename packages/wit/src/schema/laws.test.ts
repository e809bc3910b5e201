// The laws of schemas: they accept what values accept, and lead back to the type that they were made of.
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareWorlds } from '../compare/index.ts';
import type { ResolvedWit, Type } from '../resolved.ts';
import { toArena, typedValues, typeTrees } from '../values/arbitrary.fixture.ts';
import { compileValue } from '../values/value.ts';
import { fromJsonSchema, typesFromJsonSchema } from './from-json-schema.ts';
import { toJsonSchema } from './to-json-schema.ts';

/** Where a schema is looser than the values it describes, by what the value should have been. */
const LOOSER = [
  // 64-bit decimal text: the pattern bounds the digits, not the number.
  /\([us]64\)/,
  // contentEncoding is not checked.
  /base64/,
  // A lone surrogate is a character to JSON Schema.
  /\(char\)|of Unicode/,
  // Keys of maps: any integer text of the sign.
  /\([us](8|16|32)\)/,
];

describe('schemas and values', () => {
  it('accept the same', () => {
    const parts = fc.constantFrom<unknown>(
      null,
      0,
      -1,
      1.5,
      300,
      2 ** 53,
      '',
      'x',
      '5',
      '-5',
      'NaN',
      '\ud800',
      true,
      [],
      {},
      [1],
      { tag: 'a' },
      { some: null },
    );
    // As packages/schemas does: without it, Ajv takes the inherited `constructor` for a property.
    const ajv = new Ajv2020({ strict: false, ownProperties: true });
    fc.assert(
      fc.property(typedValues, fc.nat(8), parts, ({ resolved, type, value }, where, part) => {
        const codec = compileValue(resolved, type);
        const isValid = ajv.compile(toJsonSchema(resolved, type));
        const good: unknown = JSON.parse(JSON.stringify(codec.toJson(value)));
        expect(isValid(good)).toBe(true);
        const given = mutate(good, { left: where }, part);
        const violations = codec.checkJson(given, 1000);
        if (violations.length === 0) expect(isValid(given)).toBe(true);
        else if (isValid(given)) {
          for (const { expected } of violations)
            expect(
              LOOSER.some((pattern) => pattern.test(expected)),
              expected,
            ).toBe(true);
        }
      }),
      { numRuns: 800 },
    );
  }, 60_000);
});

describe('WIT → schema → WIT', () => {
  it('gives the same type', () => {
    fc.assert(
      fc.property(typeTrees, (tree) => {
        const { resolved, type } = toArena(tree);
        const back = typesFromJsonSchema(toJsonSchema(resolved, type), 'my-type');
        expect(compareWorlds(worldOf(resolved, type), worldOf(back.resolved, back.type))).toEqual({
          verdict: 'equal',
          reasons: [],
        });
        expect(fromJsonSchema(toJsonSchema(resolved, type), 'my-type')).toMatch(/\bmy-type\b/);
      }),
      { numRuns: 1500 },
    );
  });

  it('stays linear in types that share their parts', () => {
    const types = Array.from({ length: 50 }, (_, index) => ({
      name: null,
      kind: { tuple: { types: index === 0 ? (['u8', 'u8'] as const) : ([index - 1, index - 1] as const) } },
      owner: null,
    }));
    const resolved: ResolvedWit = { worlds: [], interfaces: [], types, packages: [] };
    expect(JSON.stringify(toJsonSchema(resolved, 49)).length).toBeLessThan(20_000);
    expect(compileValue(resolved, 49).checkJson([[], []]).length).toBe(2);
  });
});

function worldOf(resolved: ResolvedWit, type: Type): { resolved: ResolvedWit; world: number } {
  const f = { name: 'f', kind: 'freestanding', params: [{ name: 'p', type }] } as const;
  const world = { name: 'w', imports: {}, exports: { f: { function: f } }, package: 0 };
  return { resolved: { ...resolved, worlds: [world] }, world: 0 };
}

function mutate(value: unknown, count: { left: number }, part: unknown): unknown {
  if (count.left-- === 0) return part;
  if (Array.isArray(value)) return value.map((item) => mutate(item, count, part));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, mutate(item, count, part)] as const);
  if (count.left === 1) return Object.fromEntries(entries.slice(1));
  return Object.fromEntries(count.left === 0 ? [...entries, ['extra-key', part]] : entries);
}
