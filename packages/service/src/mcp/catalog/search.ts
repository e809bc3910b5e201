// Finds tools by words, for clients that do not carry a thousand schemas.

/** What is searched. */
export type Searchable = { readonly name: string; readonly description: string; readonly words: readonly string[] };

/** Finds names, best first. */
export type Search = (query: string, most: number) => readonly string[];

const NAME_WEIGHT = 4;
const PARAMETER_WEIGHT = 1.5;
const EXACT = 1_000;
const MOST_WORDS = 32;
const MOST_QUERY = 1_000;

/** An index over tools: words of names weigh more than words of descriptions, rare words more than common ones. */
export function createSearch(tools: readonly Searchable[]): Search {
  const postings = new Map<string, Map<number, number>>();
  tools.forEach((tool, index) => {
    const add = (text: string, weight: number) => {
      for (const word of wordsOf(text)) {
        const found = postings.get(word) ?? new Map<number, number>();
        postings.set(word, found);
        found.set(index, Math.max(found.get(index) ?? 0, weight));
      }
    };
    add(tool.name, NAME_WEIGHT);
    add(tool.description, 1);
    for (const word of tool.words) add(word, PARAMETER_WEIGHT);
  });
  const vocabulary = [...postings.keys()].sort();

  return (query, most) => {
    const asked = query.slice(0, MOST_QUERY);
    const scores = new Map<number, number>();
    for (const word of [...new Set(wordsOf(asked))].slice(0, MOST_WORDS)) {
      for (const [found, share] of matching(word, vocabulary)) {
        const hits = postings.get(found) ?? new Map<number, number>();
        const rarity = Math.log(1 + tools.length / hits.size) * share;
        for (const [index, weight] of hits) scores.set(index, (scores.get(index) ?? 0) + weight * rarity);
      }
    }
    const exact = tools.findIndex(({ name }) => name === asked.trim());
    if (exact >= 0) scores.set(exact, EXACT);
    return [...scores]
      .sort(([a, x], [b, y]) => y - x || a - b)
      .slice(0, most)
      .map(([index]) => tools[index]?.name ?? '');
  };
}

/** A word and those that begin with it, which count half. */
function matching(word: string, vocabulary: readonly string[]): readonly (readonly [string, number])[] {
  const found: (readonly [string, number])[] = [];
  for (let at = lowerBound(vocabulary, word); at < vocabulary.length; at++) {
    const candidate = vocabulary[at] as string;
    if (!candidate.startsWith(word) || (word.length < 3 && candidate !== word)) break;
    found.push([candidate, candidate === word ? 1 : 0.5]);
  }
  return found;
}

function lowerBound(sorted: readonly string[], word: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as string) < word) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** `fetchStockPrice_v2` is fetch, stock, price, v2; plural and singular are one. */
function wordsOf(text: string): readonly string[] {
  const parts =
    text
      .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return parts.map((word) =>
    word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word,
  );
}
