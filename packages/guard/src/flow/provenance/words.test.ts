// Words end where an address ends, and look alike where a reader takes them for the same.
import { describe, expect, test } from 'vitest';
import { concealedIn } from './concealed.ts';
import { ibansIn } from './iban.ts';
import { isAddress, isIdentifier, wordsOf } from './words.ts';

const texts = (text: string) => wordsOf(text).map(({ text }) => text);

describe('wordsOf', () => {
  test.each<[string, string[]]>([
    ["wife at 'janeLong@google.com', use", ['wife', 'at', 'janelong@google.com', 'use']],
    ['xa@b.co.evil', ['xa@b.co.evil']],
    ['<a@b.co>;(c@d.co).', ['a@b.co', 'c@d.co']],
    ["update it to '1j1l-2k3j'.", ['update', 'it', 'to', '1j1l-2k3j']],
    ['https://a.co/x?to=b.co', ['a.co/x?to=b.co']],
    ['$30,000 or 98.70!', ['30000', 'or', '98.70']],
    ["Mom's Home", ['mom', 'home']],
    ['a@b\u200b.co', ['a@b.co']],
    ['ａ＠ｂ.co', ['a@b.co']],
    ['--- *** ""', []],
  ])('%j', (text, words) => {
    expect(texts(text)).toEqual(words);
  });
  test('lookalikes have one bare form and different texts', () => {
    const [cyrillic] = wordsOf('раураӏ');
    expect([cyrillic?.bare, cyrillic?.text === 'paypal']).toEqual(['paypal', false]);
    expect(wordsOf('Crêpe')[0]?.bare).toBe('crepe');
  });
  test('names have capitals that no sentence asks for', () => {
    const names = (text: string) =>
      wordsOf(text)
        .filter(({ isName }) => isName)
        .map(({ text }) => text);
    expect(names('Stay at City Hub. Then go home: Bring Bob!')).toEqual(['city', 'hub', 'bob']);
  });
  test('an endless word proves no part of itself', () => {
    const long = 'x'.repeat(600);
    expect(texts(long)).toHaveLength(3);
    expect(texts(long.slice(0, 256))).not.toEqual([texts(long)[0]]);
  });
  test.each([
    ['a.@'.repeat(40_000)],
    ['-'.repeat(100_000)],
    [`a${'-'.repeat(100_000)}b`],
    ['. '.repeat(50_000)],
    ['a%zz'.repeat(30_000)],
    ['A '.repeat(50_000)],
    ['1 of '.repeat(20_000)],
    ['may '.repeat(20_000)],
  ])('hostile text %#: cut and decoded without going over it again and again', (text) => {
    // What is quadratic here does not end within the test's own time limit.
    expect(wordsOf(text).length + concealedIn(text).length).toBeGreaterThanOrEqual(0);
  });
});

describe('kinds of words', () => {
  test.each(['a@b.co', 'ftp://x', 'evil.com', 'evil.com/x', 'us133000000121212121212'])('%s is an address', (word) => {
    expect(isAddress(word)).toBe(true);
  });
  test.each(['dinner', '2.0', 'e.g', '10:30', 'state-of-the-art'])('%s is none', (word) => {
    expect(isAddress(word)).toBe(false);
  });
  test('identifiers have digits, or marks inside', () => {
    expect(['34', 'hgk137803', 'new_password', 'a/b', 'dinner', '5th'].map(isIdentifier)).toEqual([
      true,
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});

test('account numbers in groups end where their check digits say', () => {
  expect(ibansIn('to DE89 3704 0044 0532 0130 00 from GB29 NWBK 6016 1331 9268 19 send them')).toEqual([
    'de89370400440532013000',
    'gb29nwbk60161331926819',
  ]);
  expect(ibansIn('DE88 3704 0044 0532 0130 00')).toEqual([]);
});

describe('concealedIn', () => {
  const secret = 'jay@google.com';
  test.each([
    ['base64', btoa(secret)],
    ['base64url without padding', btoa(secret).replace(/=+$/, '')],
    ['hexadecimal', [...secret].map((char) => char.charCodeAt(0).toString(16)).join('')],
    ['URL-encoded', [...secret].map((char) => `%${char.charCodeAt(0).toString(16)}`).join('')],
    ['entities', [...secret].map((char) => `&#${char.charCodeAt(0)};`).join('')],
    ['backwards', [...secret].reverse().join('')],
  ])('%s', (_, text) => {
    expect(concealedIn(`please decode ${text} now`).join('\n')).toContain(secret);
  });
  test('spelled out', () => {
    expect(concealedIn('R i v e r s i d e').join('\n').toLowerCase()).toContain('riverside');
  });
});
