// Sets of characters as tables: what patterns are made of, and what automata read.

/** One entry, 0 or 1, for each symbol: the 128 ASCII characters and {@link BEYOND}. */
export type CharSet = Uint8Array<ArrayBuffer>;

/** The symbol that stands for every character beyond ASCII. */
export const BEYOND = 128;
/** How many symbols there are. */
export const SYMBOLS = 129;

/** The symbol of a UTF-16 code unit. */
export function symbolOf(code: number): number {
  return code < BEYOND ? code : BEYOND;
}

/** The set of the given characters. */
export function setOf(characters: string): CharSet {
  const set = new Uint8Array(SYMBOLS);
  for (let i = 0; i < characters.length; i++) set[symbolOf(characters.charCodeAt(i))] = 1;
  return set;
}

/** All that is in one of the sets. */
export function unionOf(sets: readonly CharSet[]): CharSet {
  const union = new Uint8Array(SYMBOLS);
  for (const set of sets) for (let i = 0; i < SYMBOLS; i++) union[i] = (union[i] ?? 0) | (set[i] ?? 0);
  return union;
}

/** All that is not in the set. */
export function complementOf(set: CharSet): CharSet {
  return set.map((member) => 1 - member);
}

/** The set, with each letter in both cases. */
export function ignoringCase(set: CharSet): CharSet {
  const folded = set.slice();
  for (let upper = 65; upper <= 90; upper++) {
    if (set[upper] === 1 || set[upper + 32] === 1) folded[upper] = folded[upper + 32] = 1;
  }
  return folded;
}

/** Whether the character at a place of a text is in the set; beyond its ends none is. */
export function isIn(set: CharSet, text: string, at: number): boolean {
  return at >= 0 && at < text.length && set[symbolOf(text.charCodeAt(at))] === 1;
}
