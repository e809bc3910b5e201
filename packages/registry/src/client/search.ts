// Finds skills by words in their names and descriptions: lexical, so that it works with no model at all.
import semver from 'semver';
import type { CatalogEntry } from './catalog.ts';

const NAME_WEIGHT = 3;

/** The highest usable version of each skill that has at least one of the words; most words first. */
export function searchCatalog(entries: readonly CatalogEntry[], words: string): readonly CatalogEntry[] {
  const wanted = toWords(words);
  return findLatest(entries)
    .map((entry) => ({ entry, score: score(entry, wanted) }))
    .filter(({ score: points }) => points > 0 || wanted.length === 0)
    .sort((a, b) => b.score - a.score || (a.entry.text < b.entry.text ? -1 : 1))
    .map(({ entry }) => entry);
}

/** The highest version of each name that is neither yanked nor revoked; a prerelease only where there is nothing else. */
function findLatest(entries: readonly CatalogEntry[]): readonly CatalogEntry[] {
  const latest = new Map<string, CatalogEntry>();
  for (const entry of entries) {
    if (entry.yanked !== undefined || entry.revoked !== undefined) continue;
    const known = latest.get(entry.text);
    if (known === undefined || isBetter(entry.version, known.version)) latest.set(entry.text, entry);
  }
  return [...latest.values()];
}

function isBetter(version: string, known: string): boolean {
  const [stable, knownStable] = [version, known].map((text) => semver.prerelease(text) === null);
  return stable === knownStable ? semver.gt(version, known) : stable === true;
}

function score({ text, description }: CatalogEntry, wanted: readonly string[]): number {
  const name = toWords(text);
  const rest = toWords(description);
  const points = (word: string) => (has(name, word) ? NAME_WEIGHT : 0) + (has(rest, word) ? 1 : 0);
  return wanted.reduce((total, word) => total + points(word), 0);
}

function has(words: readonly string[], word: string): boolean {
  return words.some((candidate) => candidate.startsWith(word));
}

function toWords(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
