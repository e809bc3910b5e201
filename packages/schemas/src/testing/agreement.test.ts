// Both drivers take the same schemas and the same values, and find the same places wrong.
import type { Json, JsonObject, SchemaCompiler } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAjvCompiler } from '../ajv/compiler.ts';
import { createPortableCompiler } from '../portable/compiler.ts';
import { schemaOf, value } from './arbitrary-schema.ts';

/** Another one with PYPES_SEED: Ajv is found wrong now and then, and what it says then is no measure. */
const seed = Number(process.env.PYPES_SEED ?? 20261121);
const drivers = [createAjvCompiler(), createPortableCompiler()] as const;

describe.each([2020, 7] as const)('draft %i', (draft) => {
  it('both drivers agree on every value', () => {
    const law = fc.property(schemaOf(draft), fc.array(value, { minLength: 1, maxLength: 8 }), (schema, values) => {
      const [first, second] = drivers.map((driver) => outcomes(driver, schema, values));
      expect(second).toEqual(first);
    });
    fc.assert(law, { seed, numRuns: Number(process.env.PYPES_RUNS ?? 200) });
  });

  it('both drivers agree on what is no schema', () => {
    const law = fc.property(schemaOf(draft), fc.nat(), value, (schema, place, spoilt) => {
      const broken = spoil(schema, place, spoilt);
      const [first, second] = drivers.map((driver) => outcomes(driver, broken, [1]) === 'broken');
      expect(second).toBe(first);
    });
    fc.assert(law, { seed, numRuns: Number(process.env.PYPES_RUNS ?? 200) });
  });
});

/** The different places that are wrong in each value. */
function outcomes(driver: SchemaCompiler, schema: JsonObject, values: readonly Json[]): Json {
  try {
    const check = driver.compile(schema);
    return values.map((one) => [...new Set(check(one).map(({ path }) => path))].sort());
  } catch (error) {
    expect(error).toMatchObject({ code: 'agent_broken' });
    return 'broken';
  }
}

/** The schema with one of its keywords' values replaced; not what references lead to, which Ajv may never follow. */
function spoil(schema: JsonObject, place: number, spoilt: Json): JsonObject {
  const keywords = Object.keys(schema).filter((keyword) => keyword !== '$schema' && keyword !== 'definitions');
  const keyword = keywords[place % keywords.length];
  return keyword === undefined ? schema : { ...schema, [keyword]: spoilt };
}
