// The guide's suite is one, and the guide names every scorer, every check of the gate and every limit as they are.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSuite } from './suite/parse-suite.ts';
import { SCORERS, SUITE_LIMITS } from './suite/suite.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../../../docs/guide/evals.md'), 'utf8');

test('the example is a suite', () => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(GUIDE) ?? [];
  expect(parseSuite(example, 'yaml').cases.map(({ id }) => id)).toEqual(['marathon', 'boiling']);
});

test('every scorer, key and limit is in it', () => {
  for (const name of SCORERS) expect(GUIDE).toContain(`| \`${name}\` |`);
  for (const name of ['id', 'input', 'expect', 'scorer', 'combine', 'pass_score', 'tags'])
    expect(GUIDE).toContain(`| \`${name}\` |`);
  expect(GUIDE).toContain(`${SUITE_LIMITS.characters.toLocaleString('en')} characters`);
});
