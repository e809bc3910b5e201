// How random a text is: what tells keys from words.

/**
 * Shannon entropy in bits a character, over at most the first 128 characters.
 *
 * @example
 * entropyOf('aaaa'); // 0
 */
export function entropyOf(text: string): number {
  const shown = text.slice(0, 128);
  const counts = new Map<string, number>();
  for (const character of shown) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / shown.length) * Math.log2(count / shown.length);
  return bits;
}

/** How many of the four kinds of characters a text has: lower case, upper case, digits, others. */
export function kindsOf(text: string): number {
  return [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(text.slice(0, 256))).length;
}
