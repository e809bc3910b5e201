// Stems, synonyms, parts of a wish, and a search that nobody wins by writing more.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plain } from './plain.ts';
import { createSearch } from './search.ts';
import { stem, wordsOf } from './stem.ts';
import { partsOf } from './wish.ts';

describe('stems', () => {
  test.each([
    ['summaries', 'summarise'],
    ['summary', 'summarize'],
    ['stocks', 'stock'],
    ['prices', 'price'],
    ['tracking', 'track'],
    ['emails', 'email'],
    ['notify', 'notifications'],
    ['translate', 'translation'],
    ['running', 'run'],
  ])('of %s and %s are one', (a, b) => {
    expect(stem(a)).toBe(stem(b));
  });
  test.each([
    ['news', 'new'],
    ['weather', 'weath'],
    ['send', 'set'],
  ])('of %s and %s are two', (a, b) => {
    expect(stem(a)).not.toBe(stem(b));
  });
  test('identifiers come apart', () => {
    expect(wordsOf('getStockPrice get_stock-price E-Mail')).toEqual([
      'get',
      'stock',
      'price',
      'get',
      'stock',
      'price',
      'email',
    ]);
  });
});

describe('a wish', () => {
  test.each([
    ['I need an agent to track my stocks and email me summaries', ['track my stocks', 'email me summaries']],
    ['Please make me a bot that reads the news, then translates it', ['reads the news', 'translates it']],
    ['convert units', ['convert units']],
    ['track stocks and for me', ['track stocks for me']],
    ['', []],
  ])('%j has its parts', (wish, parts) => {
    expect(partsOf(wish)).toEqual(parts);
  });
});

describe('search', () => {
  const entry = (item: string, name: string, text: string) => ({
    item,
    fields: [
      { text: name, weight: 3 },
      { text, weight: 1 },
    ],
  });
  const search = createSearch([
    entry('mail', 'email-sender', 'Sends mail'),
    entry('stocks', 'stock-prices', 'Prices of stocks'),
    entry('stuffed', 'helper', 'email '.repeat(500)),
    entry('recipes', 'recipes', 'Cooks'),
  ]);
  test('finds by name before description, whoever repeats a word', () => {
    expect(search('email').map(({ item }) => item)).toEqual(['mail', 'stuffed']);
  });
  test('finds by synonyms, and says which word it was', () => {
    expect(search('quote of a share')[0]).toMatchObject({
      item: 'stocks',
      words: [
        { asked: 'quote', stem: 'price' },
        { asked: 'share', stem: 'stock' },
      ],
    });
  });
  test('finds nothing for words that say nothing', () => {
    expect(search('an agent that does it for me')).toEqual([]);
  });
  test('every hit has a score above nothing, the best one first', () =>
    fc.assert(
      fc.property(fc.string(), (words) => {
        const scores = search(words).map(({ score }) => score);
        expect(scores.every((score) => score > 0)).toBe(true);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
      }),
    ));
});

test('a text of a stranger is one line that does nothing', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (text, most) => {
      const shown = plain(text, most);
      expect([...shown].length).toBeLessThanOrEqual(most);
      expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/u);
    }),
  ));
