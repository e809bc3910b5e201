// Words near a match: a number that could be anything is taken for what the text around it says it is.
import type { Range, Subject } from '../recognisers/recogniser.ts';

const REACH = 64;

/** Whether one of the words (lower case) stands as a word of its own within 64 characters before the match. */
export function isAnnounced({ text }: Subject, { start }: Range, words: readonly string[]): boolean {
  return hasWord(text.slice(Math.max(0, start - REACH), start), words);
}

/** Whether one of the words stands near the match, on either side, within `reach` characters. */
export function isNear({ text }: Subject, { start, end }: Range, words: readonly string[], reach: number): boolean {
  return hasWord(text.slice(Math.max(0, start - reach), start), words) || hasWord(text.slice(end, end + reach), words);
}

function hasWord(around: string, words: readonly string[]): boolean {
  // So that `dateOfBirth` has the words that `date_of_birth` has.
  const lower = around.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  return words.some((word) => {
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
      if (!isLetter(lower, at - 1) && !isLetter(lower, at + word.length)) return true;
    }
    return false;
  });
}

function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 97 && code <= 122;
}
