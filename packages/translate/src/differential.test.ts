// Every program of the corpus, and every bundled agent of the subset, against its translations on generated calls.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isPypesError } from '@pypes/contract';
import { describe, expect, it } from 'vitest';
import { type Language, languageOf } from './language.ts';
import { JAVASCRIPT, LISPY, LUA, PYTHON } from './testing/corpus.fixture.ts';
import { differ, LANGUAGES } from './testing/differential.ts';
import { type SourceText, translate } from './translate.ts';

/** A thousand with PYPES_CALLS=1000. */
const CALLS = Number(process.env.PYPES_CALLS ?? 120);
const CORPUS: { readonly [language in Language]: readonly SourceText[] } = {
  python: PYTHON,
  javascript: JAVASCRIPT,
  lispy: LISPY,
  lua: LUA,
};
/** What a target cannot say at all: powers of fractions in Lua. */
const UNTRANSLATED: { readonly [to: string]: readonly string[] } = {
  lua: ['py-power.py', 'py-mixed.py', 'js-assignments.mjs', 'ls-bigint.lispy', 'ls-power.lispy'],
};

describe('the corpus', () => {
  it.each(LANGUAGES)(
    `in %s agrees with its translations on ${CALLS} calls of each program`,
    { timeout: 240_000 },
    async (from) => {
      const targets = LANGUAGES.filter((to) => to !== from);
      const programs = CORPUS[from].map(({ filename }) => filename);
      const results = await differ(CORPUS[from], targets, CALLS);
      for (const [index, to] of targets.entries()) {
        const agreements = results[index] ?? [];
        expect(agreements.filter(({ differences }) => differences.length > 0)).toEqual([]);
        // A program whose calls are nearly all refused would prove nothing.
        expect(agreements.filter(({ values, errors }) => values + errors < CALLS * 0.05)).toEqual([]);
        const translated = new Set(agreements.map(({ file }) => file));
        const missing = programs.filter((file) => !translated.has(file));
        expect(missing).toEqual(programs.filter((file) => UNTRANSLATED[to]?.includes(file)));
      }
    },
  );
});

const folder = join(import.meta.dirname, '../../../agents');
const bundled = readdirSync(folder)
  .filter((filename) => languageOf(filename) !== undefined)
  .map((filename): SourceText => ({ filename, text: readFileSync(join(folder, filename), 'utf8') }));

/** Which bundled agents translate; the others use regular expressions, dates, sets, the host, or modules of their language. */
const TRANSLATING: { readonly [file: string]: readonly Language[] } = {
  'loan-payment.lispy': ['python', 'javascript'],
  'readability.lispy': ['python', 'javascript', 'lua'],
  'unit-convert.lispy': ['python', 'javascript', 'lua'],
};

describe('the bundled agents', () => {
  it.each(bundled)('$filename translates, or says what does not', { timeout: 120_000 }, async (source) => {
    const from = languageOf(source.filename) as Language;
    const expected = TRANSLATING[source.filename] ?? [];
    const results = expected.length === 0 ? [] : await differ([source], expected, CALLS);
    for (const [index, to] of expected.entries()) {
      const [agreement] = results[index] ?? [];
      expect([to, agreement?.differences, (agreement?.values ?? 0) > CALLS * 0.08]).toEqual([to, [], true]);
    }
    for (const to of LANGUAGES.filter((language) => language !== from && !expected.includes(language))) {
      const error: unknown = await translate({ ...source, to }).catch((reason: unknown) => reason);
      expect(isPypesError(error) && error.code).toBe('unsupported');
      const { verdicts } = (error as { readonly details: { readonly verdicts: readonly object[] } }).details;
      expect(verdicts.length).toBeGreaterThan(0);
      for (const verdict of verdicts)
        expect(verdict).toMatchObject({
          file: source.filename,
          line: expect.any(Number),
          column: expect.any(Number),
          construct: expect.any(String),
          why: expect.any(String),
        });
    }
  });
});
