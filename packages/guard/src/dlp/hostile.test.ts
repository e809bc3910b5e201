// Hostile texts: ten times the text is ten times the steps, whatever the text is made of.
import type { Json } from '@pypes/contract';
import { describe, expect, it, test } from 'vitest';
import { createScanner, DETECTABLE } from './scanner.ts';
import { createWindows } from './window.ts';

const everything = createScanner({ detect: DETECTABLE });
const nested = (times: number) =>
  Array.from({ length: times }).reduce<string>((text) => btoa(text), '4111 '.repeat(300));

/** What each family of texts repeats. */
const UNITS: { readonly [name: string]: string } = {
  'digits of one kind': '4',
  'digits of all kinds': '4929176543810',
  'digits with blanks': '4 ',
  'groups of four': '4111 ',
  'almost cards': '4111111111111112 ',
  letters: 'A',
  'hexadecimal digits': '34',
  'pairs of hexadecimal digits': '34 ',
  'base64 that decodes to digits': 'MTEx',
  'base64 in base64': nested(4),
  'signs of addresses': 'a@',
  'almost addresses': 'a@b.',
  'schemes and colons': '://a:',
  'beginnings of tokens': 'ghp_',
  'beginnings of keys': 'sk-',
  'beginnings of web tokens': 'eyJ',
  'beginnings of private keys': '-----BEGIN PRIVATE KEY-----',
  dashes: '-----',
  assignments: 'password=',
  'assignments without values': 'api_key: token: ',
  'per cents of per cents': '%25',
  'encoded digits': '%34',
  entities: '&#52;',
  'entities of entities': '&amp;',
  backslashes: '\\',
  'escaped digits': '\\u0034',
  'invisible characters': '4\u200b',
  'combining marks': '4\u0336',
  'letters of another script': 'привет ',
  'look-alike letters': 'АВЕ',
  'pairs of surrogates': '\u{1d7d2}',
  'half surrogates': '\ud800',
  'account numbers': 'GB82',
  'telephone numbers': '+1',
  'network addresses': '1.',
  colons: 'a:',
  'zero bytes': '\0',
};
const BYTES = 20_000;
const repeat = (unit: string, length: number) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
const stepsOf = (value: Json) => everything.measure(value).steps;

describe('a text of', () => {
  test.each(Object.entries(UNITS))('%s takes steps in proportion', (_name, unit) => {
    const small = stepsOf(repeat(unit, BYTES));
    const large = stepsOf(repeat(unit, BYTES * 10));
    expect(large / small).toBeLessThan(11.5);
    expect(large / (BYTES * 10)).toBeLessThan(MOST_STEPS_PER_CHARACTER);
  });

  // The worst of them at full size; counted, so that the machine's speed does not matter.
  test.each(['digits of one kind', 'letters', 'per cents of per cents', 'assignments'])(
    'ten million characters of %s takes no more for each',
    (name) => {
      const unit = UNITS[name] as string;
      const ratio = stepsOf(repeat(unit, 10_000_000)) / stepsOf(repeat(unit, 1_000_000));
      expect(ratio).toBeLessThan(11.5);
    },
    120_000,
  );
});

describe('a value of', () => {
  const shapes: { readonly [name: string]: (length: number) => Json } = {
    'many fields of a digit': (length) => Array.from({ length }, () => '4'),
    'many small numbers': (length) => Array.from({ length }, () => 4),
    'many fields with addresses': (length) => Array.from({ length }, (_, n) => `a${n}@example.com`),
    'many keys': (length) => Object.fromEntries(Array.from({ length }, (_, n) => [`k${n}@`, '4111'])),
    'many objects': (length) => Array.from({ length }, (_, n) => ({ id: `${n}`, part: '4111 1111' })),
  };
  test.each(Object.entries(shapes))('%s takes steps in proportion', (_name, shape) => {
    expect(stepsOf(shape(20_000)) / stepsOf(shape(2_000))).toBeLessThan(13);
  });
});

/** All recognisers at once, at every layer of encoding. */
const MOST_STEPS_PER_CHARACTER = 200;

describe('windows', () => {
  it('keep so many runs, for so long, the last used ones', () => {
    const clock = { now: 0 };
    const windows = createWindows({ now: () => clock.now, runs: 2, idleMs: 100 });
    const half = (run: string) => windows.of(run).remember({ a: '41111111' });
    const found = (run: string) => everything.scan({ a: '11111111' }, windows.of(run)).length > 0;
    half('one');
    half('two');
    expect(found('one')).toBe(true);
    half('three');
    expect(windows.size).toBe(2);
    expect(found('one')).toBe(true);
    expect(found('two')).toBe(false);
    half('four');
    clock.now = 101;
    expect(found('four')).toBe(false);
    expect(windows.size).toBe(1);
  });

  it('keep a bounded part of each value, and of so many fields', () => {
    const window = createWindows({ now: () => 0, names: 3 }).of('r');
    for (let n = 0; n < 100; n++) window.remember({ [`field${n}`]: 'text '.repeat(10_000) });
    const kept = ['everything', 'digits', ...Array.from({ length: 100 }, (_, n) => `key field${n}`)].flatMap(
      (name) => window.tailOf(name) ?? [],
    );
    expect(kept).toHaveLength(3);
    for (const { text } of kept) expect(text.length).toBeLessThanOrEqual(256);
    expect(everything.measure('short', window).steps).toBeLessThan(10_000);
  });
});
