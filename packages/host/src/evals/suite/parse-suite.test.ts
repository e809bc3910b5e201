// Suites: read with every fault at its place, printed and read back the same, longer by a case without losing a comment.
import { isPypesError, type JsonObject } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { appendCase, toCase } from './add-case.ts';
import { parseSuite, toSuite } from './parse-suite.ts';
import { printSuite } from './print-suite.ts';
import { SUITE_LIMITS, type Suite, type SuiteCase } from './suite.ts';

const GOOD = `# What people ask most
name: units
agent: unit-convert
gate:
  min_average_score: 0.9   # set in May
  max_regression: 0.05
  baseline: units.baseline.json
cases:
  # runners
  - id: marathon
    input: { value: 26.2, from: mi, to: km }
    expect: { value: 42.16, unit: km }
    scorer: [subset, { use: number_within, at: /value, tolerance: 0.01 }]
    tags: [length]
  - id: boiling
    input: { value: 212, from: F, to: C }
    expect: { value: 100 }
`;

type Problem = { readonly line: number; readonly column: number; readonly message: string };

function problemsOf(text: string, format: 'yaml' | 'json' = 'yaml'): readonly Problem[] {
  try {
    parseSuite(text, format);
  } catch (error) {
    if (!isPypesError(error)) throw error;
    expect(error.code).toBe('invalid_request');
    return error.details?.problems as unknown as readonly Problem[];
  }
  throw new Error('It was read');
}
const placesOf = (text: string, format: 'yaml' | 'json' = 'yaml') =>
  problemsOf(text, format).map(({ line, column }) => [line, column]);

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'ok';
  } catch (error) {
    return isPypesError(error) ? error.code : String(error);
  }
};

describe('a suite', () => {
  test('is read, with what it leaves out filled in', () => {
    const suite = parseSuite(GOOD, 'yaml');
    expect(suite.gate).toEqual({ min_average_score: 0.9, max_regression: 0.05, baseline: 'units.baseline.json' });
    expect(suite.cases[0]?.scorer).toEqual([
      { use: 'subset' },
      { use: 'number_within', at: '/value', tolerance: 0.01 },
    ]);
    expect(suite.cases[1]).toEqual({
      id: 'boiling',
      input: { value: 212, from: 'F', to: 'C' },
      expect: { value: 100 },
      scorer: [{ use: 'exact' }],
      combine: 'average',
      pass_score: 1,
      tags: [],
    });
  });

  test('is the same as JSON, as text and as a value', () => {
    const suite = parseSuite(GOOD, 'yaml');
    const text = printSuite(suite, 'json');
    expect(parseSuite(text, 'json')).toEqual(suite);
    expect(toSuite(JSON.parse(text))).toEqual(suite);
  });

  test('names each fault with its line and column, all at once', () => {
    const text = GOOD.replace('gate:', 'gat:')
      .replace('tags: [length]', 'tagz: [length]')
      .replace('id: boiling', 'id: marathon')
      .replace('use: number_within', 'use: number_withn');
    expect(placesOf(text)).toEqual([
      [2, 1],
      [13, 29],
      [14, 5],
      [15, 9],
      [4, 1],
    ]);
    const messages = problemsOf(text).map(({ message }) => message);
    expect(messages[1]).toContain('did you mean "number_within"?');
    expect(messages[2]).toContain('did you mean "tags"?');
    expect(messages[4]).toContain('did you mean "gate"?');
  });

  test('in JSON has places too', () => {
    expect(placesOf('{\n  "name": "x",\n  "gate": {"min_average_score": 2},\n  "cases": []\n}', 'json')).toEqual([
      [3, 33],
    ]);
    expect(placesOf('{\n  "name": "x",,\n}', 'json')).toEqual([[2, 15]]);
    expect(placesOf('{"name": "x",\n "name": "y"}', 'json')).toEqual([[2, 2]]);
    expect(placesOf('{', 'json')).toEqual([[1, 2]]);
    expect(placesOf('[1]', 'json')).toEqual([[1, 1]]);
  });

  test.each([
    ['cases that are no list', 'cases: 5'],
    ['a case that is no object', 'cases: [1]'],
    ['a case without anything to expect', 'cases: [{id: a, input: {}}]'],
    ['an input that is no object', 'cases: [{id: a, input: [1], expect: 1}]'],
    [
      'exact without an expectation at its place',
      'cases: [{id: a, input: {}, expect: {x: 1}, scorer: {use: exact, at: /y}}]',
    ],
    [
      'a number both ways',
      'cases: [{id: a, input: {}, scorer: {use: number_within, value: 1, tolerance: 1, relative: 1}}]',
    ],
    ['a number no way', 'cases: [{id: a, input: {}, scorer: {use: number_within, value: 1}}]'],
    ['no scorers', 'cases: [{id: a, input: {}, expect: 1, scorer: []}]'],
    ['a judge without criteria', 'cases: [{id: a, input: {}, scorer: llm_judge}]'],
    ['a pointer that is none', 'cases: [{id: a, input: {}, expect: 1, scorer: {use: exact, at: x, value: 1}}]'],
    ['a pass score that cannot be reached', 'cases: [{id: a, input: {}, expect: 1, pass_score: 1.5}]'],
    ['a number that JSON does not have', 'cases: [{id: a, input: {}, expect: .inf}]'],
    ['a baseline without a limit', 'cases: []\nagent: x\nblueprint: y'],
    ['a pack without an agent', 'cases: []\npack: x'],
    ['too many cases', `cases: [${'{}, '.repeat(SUITE_LIMITS.cases)}{}]`],
    ['a case that is too large', `cases: [{id: a, input: {}, expect: "${'x'.repeat(SUITE_LIMITS.caseBytes)}"}]`],
  ])('is refused with %s', (_what, rest) => {
    expect(problemsOf(`name: x\ngate: {min_average_score: 1}\n${rest}\n`).length).toBe(1);
  });

  test('that names a baseline says how much it may fall', () => {
    expect(placesOf('name: x\ngate: {min_average_score: 1, baseline: a.json}\ncases: []')).toEqual([[2, 30]]);
  });
});

describe('what could be a trap is refused', () => {
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
  for (const [before, name] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg', 'gh', 'hi'].map((pair) => [...pair]))
    bomb.push(`${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(',')}]`);

  test.each([
    ['an alias bomb', bomb.join('\n')],
    ['an alias that holds itself', 'name: &x [*x]'],
    ['an alias of nothing', 'name: *nobody'],
    ['a tag', 'name: !!js/function "x"'],
    ['a tag of bytes', 'name: !!binary aGk='],
    ['a local tag', 'name: !secret x'],
    ['a directive', '%YAML 1.1\n---\nname: yes'],
    ['a directive for tags', '%TAG ! tag:x,2000:\n---\nname: x'],
    ['two documents', 'name: x\n---\nname: y'],
    ['a key twice', 'name: x\nname: y'],
    ['a key that is a list', '? [a]\n: 1'],
    ['a text that is too long', 'x'.repeat(SUITE_LIMITS.characters + 1)],
  ])('%s', (_what, text) => {
    expect(problemsOf(text)).toHaveLength(1);
  });

  test('what is nested without end', () => {
    expect(problemsOf(`name: ${'['.repeat(20_000)}`).length).toBeGreaterThan(0);
    expect(problemsOf(`${'['.repeat(5000)}${']'.repeat(5000)}`, 'json').length).toBeGreaterThan(0);
    expect(codeOf(() => toSuite(JSON.parse('['.repeat(2000) + ']'.repeat(2000))))).toBe('invalid_request');
  });

  test('a key that is the name of a prototype stays a key', () => {
    expect(problemsOf('__proto__: {name: x}\n').map(({ message }) => message)[0]).toContain('"name"');
    expect(({} as { name?: string }).name).toBeUndefined();
  });
});

const name = fc.stringMatching(/^[\w .:#-]{1,20}$/).filter((text) => text.trim() !== '');
const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<string>;
const cases = fc
  .uniqueArray(
    fc.record({
      id: name,
      input: fc.dictionary(fc.string({ maxLength: 8 }), json) as fc.Arbitrary<JsonObject>,
      expect: json,
      scorer: fc.array(
        fc.oneof(
          fc.record({ use: fc.constantFrom('exact' as const, 'subset' as const), value: json }),
          fc.record({ use: fc.constant('regex' as const), pattern: fc.string({ minLength: 1, maxLength: 10 }) }),
          fc.record({ use: fc.constant('exact' as const) }),
        ),
        { minLength: 1, maxLength: 3 },
      ),
      combine: fc.constantFrom('average' as const, 'all' as const),
      pass_score: fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value + 0),
      tags: fc.uniqueArray(name, { maxLength: 3 }),
    }),
    { selector: ({ id }) => id, maxLength: 4 },
  )
  .map((list) => JSON.parse(JSON.stringify(list)) as readonly SuiteCase[]);
const suites: fc.Arbitrary<Suite> = fc.record({
  name,
  cases,
  gate: fc.record({ min_average_score: fc.constantFrom(0, 0.5, 1), max_regression: fc.constantFrom(0, 0.1) }),
});

test.each(['yaml', 'json'] as const)('what is printed as %s is read back as the same suite', (format) => {
  fc.assert(
    fc.property(suites, (suite) => {
      expect(parseSuite(printSuite(suite, format), format)).toEqual(suite);
    }),
    { numRuns: 60 },
  );
});

describe('a finished run', () => {
  const request = { agent: 'unit-convert', input: { value: 1, from: 'm', to: 'cm' } };
  const run = { run_id: 'r-1', status: 'finished', result: { value: 100 }, request } as const;

  test('becomes a case at the end of the file, and every comment stays', () => {
    const longer = appendCase(GOOD, toCase(run, { tags: ['saved'] }), 'yaml');
    for (const comment of GOOD.match(/#.*/g) ?? []) expect(longer).toContain(comment);
    expect(parseSuite(longer, 'yaml').cases.map(({ id }) => id)).toEqual(['marathon', 'boiling', 'r-1']);
    expect(parseSuite(longer, 'yaml').cases[2]).toEqual(toCase(run, { tags: ['saved'] }));
  });

  test('also where there was no case yet, and in JSON', () => {
    const empty = 'name: x # mine\ngate: {min_average_score: 1}\ncases: []\n';
    expect(parseSuite(appendCase(empty, toCase(run), 'yaml'), 'yaml').cases).toEqual([toCase(run)]);
    const text = printSuite(parseSuite(empty, 'yaml'), 'json');
    expect(parseSuite(appendCase(text, toCase(run), 'json'), 'json').cases).toEqual([toCase(run)]);
  });

  test('is not added twice, and one that did not finish not at all', () => {
    const longer = appendCase(GOOD, toCase(run), 'yaml');
    expect(codeOf(() => appendCase(longer, toCase(run), 'yaml'))).toBe('conflict');
    expect(codeOf(() => appendCase(longer, toCase(run, { id: 'other' }), 'yaml'))).toBe('conflict');
    const { result: _, ...rest } = run;
    expect(codeOf(() => toCase({ ...rest, status: 'failed' }))).toBe('conflict');
  });
});
