// Measures the labels policy on reference plans of an agent benchmark: `npm run measure:agentdojo [FOLDER]` says which
// legitimate tasks need a person and why, and whether every consequential call of an attacker is stopped.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseLabelsConfig } from '../packages/guard/src/policies/labels-config.ts';
import { measureSuites } from './agentdojo/measure.ts';
import { readSuites } from './agentdojo/suite.ts';

const root = resolve(import.meta.dirname, '..');
const shared = resolve(root, process.env.PYPES_TEST_DATA ?? '../shared/data', 'agentdojo');
const policy = JSON.parse(readFileSync(resolve(root, 'policies/agentdojo.json'), 'utf8'));
const suites = readSuites(process.argv[2] ?? shared);
const { lines, isGood } = await measureSuites(suites, parseLabelsConfig(policy.policy[0], 'policy[0]'));
for (const line of lines) console.log(line);
process.exitCode = isGood ? 0 : 1;
