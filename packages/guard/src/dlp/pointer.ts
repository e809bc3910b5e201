// JSON Pointers that do not tell what must not be told.
import { maskByClass } from './mask.ts';
import type { Place } from './walk.ts';

const LONGEST_KEY = 64;
/** A key with so many digits may be an identifier, or a part of one. */
const MOST_DIGITS = 5;

/** The pointer of a place. Keys for which `isSecret` holds, and those with many digits, are masked. */
export function pointerOf(place: Place | undefined, isSecret: (place: Place) => boolean): string {
  const parts: string[] = [];
  for (let at = place; at !== undefined; at = at.parent) {
    const key = String(at.key);
    const shown = typeof at.key === 'string' && (isSecret(at) || mayTell(key)) ? maskByClass(key) : key;
    parts.unshift(shown.slice(0, LONGEST_KEY).replaceAll('~', '~0').replaceAll('/', '~1'));
  }
  return parts.map((part) => `/${part}`).join('');
}

function mayTell(key: string): boolean {
  return key.length > LONGEST_KEY || key.replace(/[^0-9]/g, '').length > MOST_DIGITS;
}
