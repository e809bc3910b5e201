// Evasions: what is encoded, split over fields or over calls is found, and what is not there is not.
import type { Json } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { createFind } from './find.ts';
import { RECOGNISERS } from './recognisers/table.ts';
import { scanText } from './scan-text.ts';
import { createScanner, DETECTABLE } from './scanner.ts';
import { card } from './testing/cards.ts';
import { ENCODINGS } from './testing/encodings.ts';
import { createWindows } from './window.ts';

const STANDARD = ['payment-card', 'secrets', 'email', 'iban', 'us-ssn'];
const standard = createScanner({ detect: STANDARD });
const everything = createScanner({ detect: DETECTABLE });
const ids = (value: Json, scanner = standard) => scanner.scan(value).map(({ id }) => id);
const TOKEN = ['ghp', 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF3hJ5'].join('_');
const TEXTS: { readonly [id: string]: string } = {
  'payment-card': '4111 1111 1111 1111',
  secrets: TOKEN,
  email: 'ann.lee@example.com',
  iban: 'GB82WEST12345698765432',
  'us-ssn': '123-45-6789',
};
const WRITTEN = Object.entries(ENCODINGS).flatMap(([name, [how, encode]]) =>
  Object.entries(TEXTS).map(([id, text]) => [id, name, how, encode(text)] as const),
);

describe('encoded', () => {
  test.each(WRITTEN)('%s as %s', (id, name, how, text) => {
    const found = standard.scan({ body: text }).filter((finding) => finding.id === id);
    expect(found.length).toBeGreaterThan(0);
    // A text that needs no escape, or has no digits to write in another script, is in the open.
    const isDigitless = !/[0-9]/.test(TEXTS[id] ?? '');
    const expected = isDigitless && name.includes('digits') ? how.filter((step) => step !== 'unicode') : how;
    const ways = found.map((finding) => [...new Set(finding.how)].join());
    expect([[...new Set(expected)].join(), ...(name.startsWith('URL') && how.length === 1 ? [''] : [])]).toContain(
      ways[0],
    );
  });

  it('finds every valid card in every encoding, with and without separators', () => {
    const separator = fc.constantFrom('', ' ', '-', '.', '  ');
    fc.assert(
      fc.property(card, separator, fc.constantFrom(...Object.keys(ENCODINGS)), (digits, between, name) => {
        const grouped = digits.length === 16 ? (digits.match(/.{4}/g) ?? []).join(between) : digits;
        const written = ENCODINGS[name]?.[1](grouped) ?? '';
        expect(ids({ a: [written] })).toContain('payment-card');
      }),
      { numRuns: 2_000 },
    );
  });

  it('points at the encoded part only', () => {
    const [finding] = standard.scan({ body: `see ${btoa('4111111111111111')} there` });
    expect(finding).toMatchObject({
      pointer: '/body',
      start: 4,
      end: 26,
      how: ['base64'],
      preview: '************1111',
    });
    const [escaped] = standard.scan('a=%34111111111111111&b');
    expect(escaped).toMatchObject({ start: 2, end: 20, how: ['url'] });
  });

  it('goes down four layers and no further', () => {
    const wrap = (times: number) =>
      Array.from({ length: times }).reduce<string>((text) => btoa(text), '4111111111111111');
    expect(ids(wrap(4))).toEqual(['payment-card']);
    expect(ids(wrap(5))).toEqual([]);
  });
});

describe('split', () => {
  test.each<[string, Json]>([
    ['two fields', { a: '4111 1111', b: '1111 1111' }],
    ['two fields in the middle of texts', { a: 'my card is 411111', b: '1111111111, thanks' }],
    ['four fields', ['4111', '1111', '1111', '1111']],
    ['four numbers', [4111, 1111, 1111, 1111]],
    ['an array of digits', [4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]],
    ['an array of texts of a digit', [...'4111111111111111']],
    ['fields with others between', { a: '41111111', note: 'first half', b: '11111111' }],
    [
      'the same field of several objects',
      [
        { n: 1, part: 'x 4111' },
        { n: 2, part: '1111' },
        { n: 3, part: '1111' },
        { n: 4, part: '1111 x' },
      ],
    ],
    ['a key and its value', { '41111111': '11111111' }],
    ['keys', { '4111-1111': true, '1111-1111': null }],
    [
      'the end of a long text and the begin of another',
      [`${'word '.repeat(500)}4111 1111`, `1111 1111${' word'.repeat(500)}`],
    ],
    ['base64 in two fields', [btoa('4111111111111111').slice(0, 9), btoa('4111111111111111').slice(9)]],
    ['the fields of JSON in a text', { body: JSON.stringify({ a: '4111 1111', b: '1111 1111' }) }],
    ['the fields of JSON in JSON', [JSON.stringify([1, JSON.stringify(['4111', '1111', '1111', '1111'])])]],
    ['empty fields between', ['4111', '', '1111', null, '1111', false, '1111']],
  ])('a card over %s', (_what, value) => {
    expect(ids(value)).toEqual(['payment-card']);
  });

  test.each<[string, Json, string]>([
    ['a token', [TOKEN.slice(0, 12), TOKEN.slice(12)], 'secrets'],
    ['an IBAN', { a: 'GB82WEST1234', b: '5698765432' }, 'iban'],
    ['a number of social security', ['123-45', '-6789'], 'us-ssn'],
    ['an address', ['ann.lee', '@example.com'], 'email'],
  ])('%s over two fields', (_what, value, id) => {
    const found = standard.scan(value);
    expect(found.map((finding) => finding.id)).toEqual([id]);
    expect(found[0]).toMatchObject({ how: ['split'], rest: [{ start: 0 }] });
  });

  test.each<[string, Json]>([
    ['columns of identifiers', Array.from({ length: 200 }, (_, n) => ({ id: String(41_000_000 + n * 137_911) }))],
    ['rows of numbers', Array.from({ length: 500 }, (_, n) => 400 + ((n * 7919) % 600))],
    ['rows of digits', Array.from({ length: 500 }, (_, n) => (n * 7 + 4) % 10)],
    ['time stamps', Array.from({ length: 50 }, (_, n) => 1_732_190_400_123 + n * 60_000)],
    ['coordinates', Array.from({ length: 50 }, (_, n) => [41.1234567 + n / 1000, 12.1234567 - n / 1000])],
    ['two addresses side by side', ['hello', 'world']],
    ['a sentence in pieces', { greeting: 'Dear', name: 'Ann', at: '10:30', on: '2026-11-21', count: 4111 }],
  ])('nothing in %s', (_what, value) => {
    expect(ids(value)).toEqual([]);
  });

  it('masks what is split inside a text of JSON as a whole', () => {
    const body = JSON.stringify({ a: '4111 1111', b: '1111 1111' });
    expect(standard.scan({ body })).toMatchObject([
      { pointer: '/body', start: 0, end: body.length, how: ['json', 'split'] },
    ]);
  });

  it('reports what one field holds once, whatever stands beside it', () => {
    expect(ids(['bob', 'ann@example.com', 'world', '17', '4111111111111111', '42'])).toEqual(['email', 'payment-card']);
  });
});

describe('split over calls', () => {
  const windowOf = () => createWindows({ now: () => 0 }).of('r');

  it('finds the second half, with the place of that half only', () => {
    const window = windowOf();
    expect(standard.scan({ text: 'note 41111111' }, window)).toEqual([]);
    window.remember({ text: 'note 41111111' });
    expect(standard.scan({ text: '11111111 end' }, window)).toMatchObject([
      { id: 'payment-card', pointer: '/text', start: 0, end: 8, how: ['split'] },
    ]);
    expect(standard.scan({ text: '11111111 end' })).toEqual([]);
    expect(standard.scan({ text: 'and nothing' }, window)).toEqual([]);
  });

  it('finds four quarters, and what other fields stand between', () => {
    const window = windowOf();
    for (const part of ['4111', '1111', '1111']) {
      expect(standard.scan({ to: 'a', part }, window)).toEqual([]);
      window.remember({ to: 'a', part, more: 'text' });
    }
    expect(standard.scan({ to: 'a', part: '1111' }, window)).toMatchObject([{ pointer: '/part' }]);
  });

  it('finds a token', () => {
    const window = windowOf();
    window.remember({ body: `first ${TOKEN.slice(0, 20)}` });
    expect(standard.scan({ body: TOKEN.slice(20) }, window)).toMatchObject([{ id: 'secrets', rule: 'github-token' }]);
  });
});

describe('findings', () => {
  it('never hold the value, also where it is a key', () => {
    const secrets = [...Object.values(TEXTS), '4111111111111111'];
    const value = Object.fromEntries(secrets.map((text) => [text, { [text]: text, list: [text, btoa(text)] }]));
    const findings = everything.scan(value);
    expect(findings.length).toBeGreaterThan(secrets.length * 3);
    const told = JSON.stringify(findings);
    for (const text of secrets) expect(told).not.toContain(text === TEXTS.email ? 'ann.lee' : text);
  });

  it('of numbers are findings too', () => {
    expect(standard.scan({ card: 4111111111111111, ssn: 123456789, at: 1732190400123 })).toMatchObject([
      { id: 'payment-card', pointer: '/card' },
      { id: 'us-ssn', pointer: '/ssn' },
    ]);
  });

  it('are the same wherever in a text they stand', () => {
    const padding = fc
      .tuple(fc.constantFrom('of the ', 'é ', ', 17 ', '{"at": 17, '), fc.integer({ min: 0, max: 8_400 }))
      .map(([one, length]) => one.repeat(Math.ceil(length / one.length)));
    const written = fc.constantFrom(...WRITTEN.map(([, , , text]) => text).filter((text) => text.isWellFormed()));
    const shown = (text: string, before: number) =>
      standard.scan(text).map(({ id, rule, start, end, how, preview }) => {
        return [id, rule, start - before, end - before, how, preview];
      });
    fc.assert(
      fc.property(written, padding, padding, (text, before, after) => {
        expect(shown(`${before} | ${text} | ${after}`, before.length + 3)).toEqual(
          expect.arrayContaining(shown(` | ${text} | `, 3)),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('are none in random text without anything to find', () => {
    const unit = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz ,;\n');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 400 }), fc.string({ unit, maxLength: 400 }), (one, other) => {
        expect(ids({ one, list: [other] }, everything)).toEqual([]);
      }),
    );
  });

  it('are none in times of this century, whole or with fractions, as numbers or texts', () => {
    const ms = fc.integer({ min: 946_684_800_000, max: 1_999_999_999_999 });
    fc.assert(
      fc.property(ms, fc.integer({ min: 0, max: 999_999 }), (time, more) => {
        const texts = [
          `${time}`,
          `${time}${String(more).padStart(6, '0')}`,
          `${time / 1000}`,
          new Date(time).toISOString(),
        ];
        expect(ids({ time, texts })).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('say so when a value is too deep, and when there is too much to look into', () => {
    const deep = Array.from({ length: 600 }).reduce<Json>((value) => [value], 'x');
    expect(() => standard.scan(deep)).toThrow(expect.objectContaining({ code: 'too_large' }));
    const many = standard.scan('a@bcd.com '.repeat(25_000));
    expect(many.at(-1)).toMatchObject({ id: 'uninspected', end: 250_000 });
    const find = createFind(RECOGNISERS);
    const encoded = { text: `x ${btoa('4111111111111111')}` };
    expect(scanText(find, encoded, { steps: 0, left: 100 })).toMatchObject([{ recogniser: { id: 'payment-card' } }]);
    expect(scanText(find, encoded, { steps: 0, left: 10 })).toMatchObject([
      { recogniser: { id: 'uninspected' }, start: 2 },
    ]);
  });
});
