// Reports say what there is to say, whatever an endpoint answers; the reference of all checks is fresh.
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CHECKS } from '../checks/checks.ts';
import type { Report } from '../run-checks.ts';
import { toJunit } from './junit.ts';
import { REFERENCE_GROUPS, toReference } from './reference.ts';
import { toLine, toMatrix, toSummary } from './report.ts';
import { toPlainLine } from './text.ts';

const HOSTILE = '\u001b[2J\u009b31m<b a="1">&\u0000\n\u202e]]>\ud800';

const report: Report = {
  url: 'http://127.0.0.1:7080',
  declares: ['lispy', 'local'],
  left: [],
  conformant: false,
  outcomes: [
    { id: 'A-1', level: 'MUST', title: 'one', status: 'passed', ms: 5 },
    { id: 'A-2', level: 'MUST', title: 'two', status: 'failed', reason: HOSTILE, ms: 1500 },
    { id: 'A-3', level: 'SHOULD', title: 'three', status: 'failed', reason: 'r', ms: 1 },
    { id: 'A-4', level: 'SHOULD', title: 'four', status: 'skipped', reason: 'not declared: auth', ms: 0 },
  ],
};

it('makes lines that move no cursor', () => {
  for (const outcome of report.outcomes) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: there must not be any.
    expect(toLine(outcome)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
  }
  expect(toLine(report.outcomes[0] as never)).toMatch(/^ok +MUST +A-1 +one$/);
});

it('makes one line of anything, once and for all', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const line = toPlainLine(text);
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u);
      expect(toPlainLine(line)).toBe(line);
      expect(toJunit({ ...report, url: text }).split('\n')).toHaveLength(toJunit(report).split('\n').length);
    }),
  );
});

it('counts', () => {
  expect(toSummary(report)).toBe(
    'Not conformant: 1 passed, 1 MUST and 1 SHOULD failed, 1 skipped\nDeclares: lispy, local',
  );
  expect(toSummary({ ...report, conformant: true, left: ['x'] })).toMatch(/^Conformant: [\s\S]*\nCould not remove: x$/);
  expect(toSummary({ ...report, outcomes: [] })).toMatch(/^Nothing was judged/);
});

it('makes XML that is well formed, whatever was answered', () => {
  const xml = toJunit(report);
  expect(xml).toContain('tests="4" failures="2" errors="0" skipped="1" time="1.506"');
  const inside = xml
    .replace(/<\?xml[\s\S]*?\?>/, '')
    .replace(/<\/?(testsuites|testsuite|testcase)( [a-z]+="[^"<>]*")*>/g, '');
  expect(inside.replace(/<(failure|skipped) message="[^"<>]*"\/>/g, '').trim()).toBe('');
  expect(xml.match(/&(?!amp;|lt;|gt;|quot;)/)).toBeNull();
  // biome-ignore lint/suspicious/noControlCharactersInRegex: there must not be any.
  expect(xml.match(/[\u0000-\u0009\u000b-\u001f\ud800-\udfff]/)).toBeNull();
});

it('puts endpoints side by side', () => {
  const other: Report = { ...report, declares: ['lispy', 'runs'], outcomes: report.outcomes.slice(0, 1) };
  expect(
    toMatrix([
      { name: 'A', report },
      { name: 'B | b', report: other },
    ]),
  ).toBe(
    [
      '|  | A | B \\| b |',
      '| --- | --- | --- |',
      '| lispy | yes | yes |',
      '| local | yes | – |',
      '| runs | – | yes |',
      '| MUST passed | 1 of 2 | 1 of 1 |',
      '| SHOULD passed | 0 of 1 | 0 of 0 |',
    ].join('\n'),
  );
});

it('has a fresh reference of every check', async () => {
  const groups = new Set(CHECKS.map(({ id }) => id.split('-')[0]));
  expect([...groups].sort()).toEqual([...REFERENCE_GROUPS].sort());
  const file = join(import.meta.dirname, '../../../../docs/reference/conformance.md');
  await expect(toReference(CHECKS)).toMatchFileSnapshot(file);
});

it('names each check once', () => {
  const ids = CHECKS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[A-Z]+(-[a-z]+)?(-[0-9]+)?$/);
});
