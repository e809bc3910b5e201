// The guide's example parses, and the guide names every key, filter and code that there is.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FINDING_CODES } from './guard-check.ts';
import { parseBlueprint } from './parse-blueprint.ts';
import { FILTERS } from './template/filters.ts';

const GUIDE = readFileSync(join(import.meta.dirname, '../../../../docs/guide/blueprints.md'), 'utf8');

test('the example is a blueprint', () => {
  const [, example = ''] = /```toml\n([\s\S]*?)```/.exec(GUIDE) ?? [];
  const blueprint = parseBlueprint(example, 'agent.toml');
  expect([...blueprint.components.keys()].sort()).toEqual(['email-sender', 'orchestrator', 'stock-market']);
  expect(blueprint.steps.map(({ id }) => id)).toEqual(['prices', 'mail']);
});

test('every code and every filter is in it', () => {
  for (const code of Object.keys(FINDING_CODES)) expect(GUIDE).toContain(`\`${code}\``);
  for (const filter of Object.keys(FILTERS)) expect(GUIDE).toMatch(new RegExp(`\`${filter}[\`(]`));
});
