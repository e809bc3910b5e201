// docs/reference/conformance.md: every check, from the same data that judges.
import type { Check } from '../check.ts';

const GROUPS: { readonly [group: string]: string } = {
  HEALTH: 'What an endpoint and its packs say of themselves',
  REMOVE: 'Removing packs',
  DEPLOY: 'Deploying packs',
  FILE: 'The files of a bundle',
  UPDATE: 'Updates in place',
  DISCOVERY: 'How files become agents',
  BUNDLE: 'A pack back as a bundle',
  CALL: 'Calling agents',
  ARGS: 'Bodies and arguments',
  FAIL: 'Agents that fail',
  MANY: 'Many at once',
  MEMORY: 'Memory',
  LIMIT: 'Limits',
  ROUTE: 'Addresses, methods, connections',
  SPELLING: 'The older spelling',
  CORS: 'Web pages',
  HOST: 'The Host header',
  AUTH: 'Tokens of packs',
  SANDBOX: 'What deployed code must not reach',
  ISOLATION: 'What one user leaves in a program',
  LANG: 'The two exports in each language',
  SHAPE: 'Shapes that real files have',
  STOP: 'Calls that are stopped, in each language',
  RUN: 'Starting runs',
  EVENT: 'Events of runs',
  RUNS: 'Looking at runs',
};

/** The reference, in Markdown. */
export function toReference(checks: readonly Check[]): string {
  const groups = Map.groupBy(checks, ({ id }) => id.split('-')[0] ?? '');
  const count = (level: Check['level']) => checks.filter((each) => each.level === level).length;
  return [
    '<!-- Made by packages/conformance/src/report/reference.ts; write it anew with: npx vitest run packages/conformance/src/report -u -->',
    '# Conformance checks',
    '',
    `${checks.length} checks, ${count('MUST')} of them MUST, ${count('SHOULD')} SHOULD. A check is skipped where an endpoint does not declare what it needs; the [guide](../guide/conformance.md) says how to run them.`,
    ...[...groups].flatMap(([group, all]) => [
      '',
      `## ${GROUPS[group] ?? group}`,
      '',
      '| id | level | needs | |',
      '| --- | --- | --- | --- |',
      ...all.map((check) => `| \`${check.id}\` | ${check.level} | ${needsOf(check)} | ${check.title} |`),
    ]),
    '',
  ].join('\n');
}

function needsOf({ needs = [], slow }: Check): string {
  return [...needs.map((need) => `\`${need}\``), ...(slow === true ? ['`--slow`'] : [])].join(', ');
}

/** The groups that have a name here. */
export const REFERENCE_GROUPS: readonly string[] = Object.keys(GROUPS);
