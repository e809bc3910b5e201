// The public JSON Schema test suite, against one driver: what it decides otherwise is listed, with its reason.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonSchema, SchemaCompiler } from '@pypes/contract';
import { describe, expect, it } from 'vitest';

const SUITE = join(process.env.PYPES_TEST_DATA ?? '../shared/data', 'json-schema-test-suite');

type Group = { description: string; schema: JsonSchema; tests: { description: string; data: Json; valid: boolean }[] };

// Where every driver decides otherwise than the suite, each with its reason.
const KNOWN: readonly RegExp[] = [
  // Nothing is fetched: a schema stands alone.
  /remote|refRemote|metaschema|definitions\.json|defs\.json|vocabulary/i,
  // Patterns are RE2: no look-around, no control escapes, ASCII classes.
  /lookahead|\\c|ECMA 262|non-ASCII|unicode/i,
  // Formats are asserted, not only annotated: an author who writes one means it.
  /is only an annotation by default/,
  // An empty enum is refused with the schema.
  /empty enum/,
];

/** Needs the suite's files, which are no part of the project; `known`: what this driver decides otherwise. */
export function testOfficialSuite(compiler: SchemaCompiler, known: readonly RegExp[]): void {
  describe.skipIf(!existsSync(SUITE))('the JSON Schema test suite (needs PYPES_TEST_DATA)', () => {
    it.each(['draft2020-12', 'draft7'])('%s: nearly all required cases', (draft) => {
      const failed: string[] = [];
      let passed = 0;
      for (const [label, { schema, data, valid }] of cases(draft)) {
        if (decide(compiler, schema, data, draft) === valid) passed += 1;
        else failed.push(label);
      }
      const unexpected = failed.filter((label) => ![...KNOWN, ...known].some((pattern) => pattern.test(label)));
      expect(unexpected).toEqual([]);
      expect(passed).toBeGreaterThan(800);
    });
  });
}

function* cases(draft: string): Generator<[string, { schema: JsonSchema | boolean; data: Json; valid: boolean }]> {
  const folder = join(SUITE, 'tests', draft);
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    for (const group of JSON.parse(readFileSync(join(folder, file), 'utf8')) as Group[]) {
      for (const { description, data, valid } of group.tests) {
        yield [`${file}: ${group.description}: ${description}`, { schema: group.schema, data, valid }];
      }
    }
  }
}

function decide(compiler: SchemaCompiler, schema: JsonSchema | boolean, data: Json, draft: string): boolean | string {
  const full: JsonSchema =
    typeof schema === 'boolean'
      ? { allOf: [schema] }
      : { ...(draft === 'draft7' ? { $schema: 'http://json-schema.org/draft-07/schema#' } : {}), ...schema };
  try {
    return compiler.compile(full)(data).length === 0;
  } catch (error) {
    return String(error);
  }
}
