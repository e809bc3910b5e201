// Reports: what they have to show, that their formats are well formed, and outputs that would like to be markup.
import { PypesError } from '@pypes/contract';
import { createAjvCompiler } from '@pypes/schemas/ajv';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { decideGate } from '../gate/decide-gate.ts';
import { runSuite } from '../run/run-suite.ts';
import { toSuite } from '../suite/parse-suite.ts';
import { escapeMarkdown, escapeMarkup } from './escape.ts';
import { toHtml } from './html/to-html.ts';
import { toJsonText } from './to-json.ts';
import { toJunit } from './to-junit.ts';
import { toMarkdown } from './to-markdown.ts';
import type { Report } from './words.ts';

const ATTACK = `"><script>alert(1)</script><img src=x onerror='alert(2)'>]]>\u0000\u202e | [x](javascript:alert(3)) \`\` @all`;

async function reportOf(texts: string): Promise<Report> {
  const suite = toSuite({
    name: texts,
    agent: texts,
    gate: { min_average_score: 0.9, max_regression: 0 },
    cases: [
      { id: 'good', input: {}, expect: 1, tags: ['plain'] },
      { id: texts.slice(0, 128), input: {}, expect: texts, tags: [texts.slice(0, 128)] },
      { id: 'broken', input: {}, expect: 1 },
    ],
  });
  const scorecard = await runSuite({
    suite,
    scorers: { schemas: createAjvCompiler() },
    baseline: { suite: texts, cases: suite.cases.map(({ id }) => ({ id, score: 0.5 })) },
    repeat: 2,
    now: () => 1_760_000_000_000,
    signal: new AbortController().signal,
    call: async ({ id }) => {
      if (id === 'broken') throw new PypesError('handler_failed', texts);
      return id === 'good' ? 1 : { [texts]: texts };
    },
  });
  return { scorecard, gate_decision: decideGate(scorecard, suite.gate) };
}

let attack: Report;
let plain: Report;
beforeAll(async () => {
  [attack, plain] = await Promise.all([reportOf(ATTACK), reportOf('Units')]);
});

/** The tags of a document that is well formed: every one that opens is closed in its turn. */
function tagsOf(markup: string, empty: ReadonlySet<string> = new Set()): readonly string[] {
  const open: string[] = [];
  const all: string[] = [];
  for (const [, closing, name = '', self] of markup.matchAll(
    /<(\/?)([a-zA-Z][\w-]*)(?:\s+[\w:-]+="[^"<>]*")*\s*(\/?)>/g,
  )) {
    if (closing === '/') expect(open.pop()).toBe(name);
    else {
      all.push(name);
      if (self !== '/' && !empty.has(name)) open.push(name);
    }
  }
  expect(open).toEqual([]);
  return all;
}

describe('HTML', () => {
  test('shows the gate, every case, and three charts', () => {
    const html = toHtml(plain);
    const tags = tagsOf(html.replace(/<!doctype html>/, ''), new Set(['meta']));
    expect(tags.filter((name) => name === 'svg')).toHaveLength(3);
    expect(tags.filter((name) => name === 'details')).toHaveLength(3);
    for (const words of ['Failed', 'Average score', 'handler_failed: Units', '1 of 3', 'no flaky case']) {
      expect(html).toContain(words);
    }
    expect(html).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('an output stays text, and nothing is fetched or run', () => {
    const html = toHtml(attack);
    const tags = tagsOf(html.replace(/<!doctype html>/, ''), new Set(['meta']));
    expect(
      [...new Set(tags)].filter((name) => ['script', 'img', 'link', 'iframe', 'a', 'form'].includes(name)),
    ).toEqual([]);
    expect(html).not.toMatch(/<[^>]*\s(?:on\w+|src|href)=/i);
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toMatch(/[\p{Cf}\0]/u);
  });

  test('of nothing at all is a page too', () => {
    const { scorecard } = plain;
    const empty = { ...scorecard, cases: [], tags: [] };
    const { comparison: _c, stability: _s, ...bare } = empty;
    const html = toHtml({ scorecard: bare, gate_decision: decideGate(bare, { min_average_score: 0 }) });
    expect(tagsOf(html.replace(/<!doctype html>/, ''), new Set(['meta']))).not.toContain('svg');
  });

  test('of many cases has a bounded size', () => {
    const [first] = plain.scorecard.cases;
    const cases = Array.from({ length: 10_000 }, (_, n) => ({ ...first!, id: `c${n}`, output: 'x'.repeat(2000) }));
    const html = toHtml({ ...plain, scorecard: { ...plain.scorecard, cases } });
    expect(html.length).toBeLessThan(3_000_000);
    expect(html).toContain('And 9000 more');
  });
});

describe('JUnit XML', () => {
  test('counts what it holds, and has the gate as a test', () => {
    const xml = toJunit(plain);
    const tags = tagsOf(xml.replace(/<\?xml[^>]*\?>/, ''));
    expect(tags.filter((name) => name === 'testcase')).toHaveLength(4);
    expect(tags.filter((name) => name === 'failure')).toHaveLength(2);
    expect(tags.filter((name) => name === 'error')).toHaveLength(1);
    expect(xml).toContain('<testsuites tests="4" failures="2" errors="1"');
  });

  test('an output stays text', () => {
    const tags = tagsOf(toJunit(attack).replace(/<\?xml[^>]*\?>/, ''));
    expect([...new Set(tags)].sort()).toEqual(['error', 'failure', 'testcase', 'testsuite', 'testsuites']);
  });
});

describe('Markdown', () => {
  test('has a row for each case, of as many cells', () => {
    for (const report of [plain, attack]) {
      const rows = toMarkdown(report).split('## Cases')[1]?.trim().split('\n') ?? [];
      expect(rows).toHaveLength(5);
      for (const row of rows) expect(row.replaceAll(/\\./g, '').match(/\|/g)).toHaveLength(6);
    }
    expect(toMarkdown(plain)).toContain('# Units: fail');
  });

  test('an output stays text', () => {
    const text = toMarkdown(attack);
    expect(text).not.toMatch(/<\w|(?<!\\)\]\(|(?<!\\)`|javascript:|@all/);
  });
});

test('JSON is what the service answers, with sorted keys', () => {
  const text = toJsonText(plain);
  expect(JSON.parse(text)).toEqual(plain);
  expect(toJsonText(JSON.parse(text) as Report)).toBe(text);
});

test('what is escaped holds nothing that opens or ends markup', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(escapeMarkup(text)).not.toMatch(/[<>"'\0]|[\u202a-\u202e]|&(?!amp;|lt;|gt;|quot;|#39;)/);
      expect(escapeMarkdown(text)).not.toMatch(/[<>\n\r]|(?<!\\)(?:\\\\)*[`*_[\]|]/);
    }),
  );
});
