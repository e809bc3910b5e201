// Words and their stems: just enough for "summaries" to find "summarise", and no dictionary.

const LEAST = 3;

/** Longest endings first; what is left has at least three letters. */
const ENDINGS: readonly (readonly [ending: string, instead: string])[] = [
  ['ifications', 'if'],
  ['ification', 'if'],
  ['isations', ''],
  ['izations', ''],
  ['isation', ''],
  ['ization', ''],
  ['ations', ''],
  ['ation', ''],
  ['ising', ''],
  ['izing', ''],
  ['ises', ''],
  ['izes', ''],
  ['ised', ''],
  ['ized', ''],
  ['ates', ''],
  ['ise', ''],
  ['ize', ''],
  ['ate', ''],
  ['ies', ''],
  ['ied', ''],
  ['ing', ''],
  ['sses', 'ss'],
  ['ers', ''],
  ['ed', ''],
  ['er', ''],
  ['es', ''],
  ['e', ''],
  ['y', ''],
];

/** Words whose endings are no endings. */
const WHOLE: ReadonlySet<string> = new Set([
  'news',
  'price',
  'date',
  'weather',
  'number',
  'order',
  'status',
  'address',
]);
const PLURAL: { readonly [word: string]: string } = {
  prices: 'price',
  dates: 'date',
  numbers: 'number',
  orders: 'order',
  addresses: 'address',
};

/** The words of a text in small letters; `camelCase`, `snake_case` and `kebab-case` come apart. */
export function wordsOf(text: string): readonly string[] {
  return (
    text
      .replace(/\be-?mail/gi, 'email')
      .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/**
 * What is left of a word when its ending is gone.
 *
 * @example
 * stem('summaries') === stem('summarise'); // true
 */
export function stem(word: string): string {
  const known = PLURAL[word] ?? word;
  if (WHOLE.has(known) || known.length <= LEAST) return known;
  const single =
    /[^su]s$/.test(known) && !/(?:ss|ies|ses|ers|ates|ises|izes)$/.test(known) ? known.slice(0, -1) : known;
  if (WHOLE.has(single) || single.length <= LEAST) return single;
  for (const [ending, instead] of ENDINGS) {
    const rest = single.slice(0, -ending.length) + instead;
    if (single.endsWith(ending) && rest.length >= LEAST) return undouble(rest);
  }
  return single;
}

/** `runn` → `run`. */
function undouble(text: string): string {
  const [last, before] = [text.at(-1), text.at(-2)];
  return text.length > LEAST && last === before && !'lsz'.includes(last ?? '') ? text.slice(0, -1) : text;
}
