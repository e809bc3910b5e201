// The guides name every variable that a function reads, and none that it does not.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const GUIDES = join(import.meta.dirname, '../../../../../docs/guide');
/** Read by the configuration that all back ends have. */
const OF_THE_CONFIGURATION = ['PYPES_ALLOW_HOSTS', 'PYPES_LIMITS_CALL_MS', 'PYPES_LOG_LEVEL', 'PYPES_ORIGINS'];

const namesIn = (text: string) => [...new Set(text.match(/PYPES_[A-Z0-9]+(_[A-Z0-9]+)*/g))];
const sources = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.ts') && !name.includes('.test.'));
const read = namesIn(sources.map((name) => readFileSync(join(import.meta.dirname, name), 'utf8')).join('\n'));

it.each([
  ['aws-lambda.md', 'BLOB'],
  ['azure-functions.md', 'S3'],
])('%s names the variables', (guide, other) => {
  const named = namesIn(readFileSync(join(GUIDES, guide), 'utf8'));
  const own = read.filter((name) => !name.startsWith(`PYPES_${other}_`));
  expect(own.filter((name) => !named.includes(name) && !name.startsWith('PYPES_LIMITS'))).toEqual([]);
  expect(named.filter((name) => ![...own, ...OF_THE_CONFIGURATION, 'PYPES_LIMITS'].includes(name))).toEqual([]);
});
