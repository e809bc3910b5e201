// Lexical search: BM25 over weighted fields, by stems, with synonyms that count less. No model, no network.
import { stem, wordsOf } from './stem.ts';
import { isContent, synonymsOf } from './synonyms.ts';

/** One text of a document, and how much a word in it counts. */
export type Field = { readonly text: string; readonly weight: number };

/** What is searched. */
export type Entry<T> = { readonly item: T; readonly fields: readonly Field[] };

/** A word that was asked for, and the stem that stands for it in what was found. */
export type WordHit = { readonly asked: string; readonly stem: string; readonly weight: number };

/** Something that has at least one of the words; the best comes first. */
export type Hit<T> = { readonly item: T; readonly score: number; readonly words: readonly WordHit[] };

/** Looks words up. */
export type Search<T> = (words: string) => readonly Hit<T>[];

const SATURATION = 1.2;
const LENGTH = 0.6;
const SYNONYM = 0.5;
/** Only the beginning of a text counts, so that nobody is found more often by writing more. */
const MOST_WORDS = 200;

type Indexed<T> = {
  readonly item: T;
  /** By stem: how much it counts, and the weight of the best field that has it. */
  readonly counts: ReadonlyMap<string, { readonly count: number; readonly weight: number }>;
  readonly length: number;
};

/**
 * Indexes entries.
 *
 * @example
 * const search = createSearch([{ item: 1, fields: [{ text: 'Sends mail', weight: 1 }] }]);
 * search('email')[0]?.item; // 1
 */
export function createSearch<T>(entries: readonly Entry<T>[]): Search<T> {
  const indexed = entries.map(toIndexed);
  const average = indexed.reduce((sum, { length }) => sum + length, 0) / Math.max(1, indexed.length) || 1;
  const documents = new Map<string, number>();
  for (const { counts } of indexed) for (const key of counts.keys()) documents.set(key, (documents.get(key) ?? 0) + 1);

  const rarity = (key: string) => {
    const count = documents.get(key) ?? 0;
    return Math.log(1 + (indexed.length - count + 0.5) / (count + 0.5));
  };

  function scoreOf({ counts, length }: Indexed<T>, key: string): number {
    const count = counts.get(key)?.count ?? 0;
    return (rarity(key) * count * (SATURATION + 1)) / (count + SATURATION * (1 - LENGTH + (LENGTH * length) / average));
  }

  return (words) => {
    const wanted = contentOf(words);
    return indexed
      .map((entry, place) => {
        const found = wanted.flatMap(({ asked, key }) => {
          const own = { key, score: scoreOf(entry, key) };
          const others = synonymsOf(key).map((other) => ({ key: other, score: SYNONYM * scoreOf(entry, other) }));
          const best = [own, ...others].reduce((a, b) => (b.score > a.score ? b : a));
          return best.score > 0 ? [{ ...best, asked, weight: entry.counts.get(best.key)?.weight ?? 0 }] : [];
        });
        const score = found.reduce((sum, hit) => sum + hit.score, 0);
        return {
          item: entry.item,
          score,
          place,
          words: found.map(({ asked, key, weight }) => ({ asked, stem: key, weight })),
        };
      })
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || a.place - b.place)
      .map(({ item, score, words: hits }) => ({ item, score, words: hits }));
  };
}

/** The words of a text that say something, each once, with their stems. */
export function contentOf(text: string): readonly { readonly asked: string; readonly key: string }[] {
  const seen = new Map<string, string>();
  for (const word of wordsOf(text).filter(isContent)) if (!seen.has(stem(word))) seen.set(stem(word), word);
  return [...seen].map(([key, asked]) => ({ asked, key }));
}

function toIndexed<T>({ item, fields }: Entry<T>): Indexed<T> {
  const counts = new Map<string, { count: number; weight: number }>();
  let length = 0;
  for (const { text, weight } of fields) {
    const words = wordsOf(text).filter(isContent).slice(0, MOST_WORDS);
    length += words.length;
    // Once in each text: who repeats a word is not more about it.
    for (const key of new Set(words.map(stem))) {
      const before = counts.get(key) ?? { count: 0, weight: 0 };
      counts.set(key, { count: before.count + weight, weight: Math.max(before.weight, weight) });
    }
  }
  return { item, counts, length };
}
