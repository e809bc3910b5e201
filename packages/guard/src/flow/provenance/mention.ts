// Whether a value says something that an untrusted text says and that the person and trusted results do not.
import type { Json } from '@pypes/contract';
import { type FoundDate, findDates } from './dates.ts';
import type { Vocabulary } from './vocabulary.ts';
import { isCalendarWord, isCommon, isIdentifier, type Word, wordsOf } from './words.ts';

/** The three vocabularies of a context. */
export type Read = { readonly prompt: Vocabulary; readonly trusted: Vocabulary; readonly untrusted: Vocabulary };

/** The part of a value that untrusted texts name; undefined where there is none. */
export function mentionIn(value: Json, read: Read): string | undefined {
  if (typeof value === 'number') return isNumberMentioned(value, read) ? String(value) : undefined;
  if (typeof value !== 'string') return undefined;
  const { dates, rest } = findDates(value.normalize('NFKC'));
  const date = dates.find((found) => isDateMentioned(found, read));
  if (date !== undefined) return date.date ?? date.day;
  const words = wordsOf(rest);
  return nameMentionedIn(words, read) ?? fragmentOf(words, read);
}

/** Untrusted texts have this number, and the prompt has not. */
export function isNumberMentioned(value: number, { prompt, untrusted }: Read): boolean {
  return !prompt.hasNumber(value) && untrusted.hasNumber(value);
}

/** Untrusted texts have this day, and the prompt has not, or has it less exactly. */
export function isDateMentioned({ date, day }: FoundDate, { prompt, untrusted }: Read): boolean {
  if (date === undefined) return !prompt.hasDay(day) && untrusted.hasDay(day);
  if (prompt.hasDate(date)) return false;
  return untrusted.hasDate(date) || (untrusted.hasDay(day) && !prompt.hasDay(day));
}

/** A name, an identifier, or a value of one or two words that untrusted texts have and the prompt has not. */
export function nameMentionedIn(words: readonly Word[], read: Read): string | undefined {
  return namesIn(words)
    .find((name) => isNameMentioned(name, read))
    ?.map(textOf)
    .join(' ');
}

/**
 * Whether untrusted texts have a name that the prompt has not: its only word, or two of its words beside each other,
 * in either order. Single words of a longer name say nothing: texts about a thing have them.
 */
export function isNameMentioned(name: readonly Word[], { prompt, untrusted }: Read): boolean {
  if (prompt.hasPhrase(name)) return false;
  const content = name.filter(({ text }) => !isCommon(text));
  const [only] = content;
  if (only === undefined) return false;
  if (content.length === 1) return untrusted.hasWord(only);
  return pairsOf(content).some(
    ([a, b]) => !prompt.hasContentPair(a, b) && (untrusted.hasContentPair(a, b) || untrusted.hasContentPair(b, a)),
  );
}

/** Two words that only untrusted texts put together. */
export function fragmentOf(words: readonly Word[], { prompt, trusted, untrusted }: Read): string | undefined {
  const content = words.filter(({ text }) => !isCommon(text));
  const found = pairsOf(content).find(
    ([a, b]) => untrusted.hasContentPair(a, b) && !prompt.hasContentPair(a, b) && !trusted.hasContentPair(a, b),
  );
  return found === undefined ? undefined : found.map(textOf).join(' ');
}

/** Values of so few words are names, whatever their letters. */
const SHORT = 2;

/** The names in a text: identifiers, runs of words with capitals, or the whole of it where it is short. */
export function namesIn(words: readonly Word[]): readonly (readonly Word[])[] {
  if (words.length <= SHORT) return words.length === 0 ? [] : [words];
  const names: Word[][] = [];
  let name: Word[] | undefined;
  for (const word of words) {
    const isPart = word.isName && ![isIdentifier, isCommon, isCalendarWord].some((is) => is(word.text));
    if (isIdentifier(word.text)) names.push([word]);
    if (!isPart) {
      name = undefined;
    } else if (name === undefined || word.afterBreak) {
      name = [word];
      names.push(name);
    } else {
      name.push(word);
    }
  }
  return names;
}

export function pairsOf(words: readonly Word[]): readonly (readonly [Word, Word])[] {
  return words.slice(1).map((word, index) => [words[index] ?? word, word] as const);
}

function textOf({ text }: Word): string {
  return text;
}
