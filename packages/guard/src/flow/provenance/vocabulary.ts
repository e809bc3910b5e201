// What a set of texts says, in a form that is asked quickly: words, pairs of words, dates, numbers, whole phrases.
import type { Json } from '@pypes/contract';
import { concealedIn } from './concealed.ts';
import { findDates } from './dates.ts';
import { ibansIn } from './iban.ts';
import { isCommon, type Word, wordsOf } from './words.ts';

/** `proof`: only what is said, exactly. `mention`: also what looks the same, and what is said in another form. */
export type VocabularyUse = 'proof' | 'mention';

/**
 * The vocabulary of texts, bounded in memory: one for proofs forgets what does not fit, so that it proves less; one
 * for mentions then says that everything was mentioned.
 */
export class Vocabulary {
  readonly #use: VocabularyUse;
  readonly #mostWords: number;
  #count = 0;
  #isFull = false;
  readonly #words = new Set<string>();
  readonly #pairs = new Set<string>();
  readonly #contentPairs = new Set<string>();
  readonly #numbers = new Set<number>();
  readonly #dates = new Set<string>();
  /** Days whose year was left open. */
  readonly #openDays = new Set<string>();
  readonly #days = new Set<string>();
  /** All words in order with their places, for phrases; the empty word ends a text. */
  readonly #sequence: string[] = [];
  readonly #breaks: boolean[] = [];
  readonly #places = new Map<string, number[]>();

  constructor(use: VocabularyUse, mostWords: number) {
    this.#use = use;
    this.#mostWords = mostWords;
  }

  /** Adds a text, a number, or a truth value, which says nothing. */
  add(value: Json): void {
    if (typeof value === 'number') this.#addNumber(value);
    if (typeof value !== 'string') return;
    this.#addText(value);
    if (this.#use === 'mention') for (const text of concealedIn(value)) this.#addText(text);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  hasWord(word: Word): boolean {
    return this.#isSaturated || this.#words.has(this.#form(word));
  }

  /** Two words that stand beside each other. */
  hasPair(a: Word, b: Word): boolean {
    return this.#isSaturated || this.#pairs.has(`${this.#form(a)} ${this.#form(b)}`);
  }

  /** Two words with nothing but common words between them. */
  hasContentPair(a: Word, b: Word): boolean {
    return this.#isSaturated || this.#contentPairs.has(`${this.#form(a)} ${this.#form(b)}`);
  }

  hasNumber(value: number): boolean {
    return this.#isSaturated || this.#numbers.has(value);
  }

  /** `YYYY-MM-DD`. */
  hasDate(date: string): boolean {
    return this.#isSaturated || this.#dates.has(date);
  }

  /** `MM-DD`, said without a year. */
  hasOpenDay(day: string): boolean {
    return this.#isSaturated || this.#openDays.has(day);
  }

  /** `MM-DD`, in whatever year. */
  hasDay(day: string): boolean {
    return this.#isSaturated || this.#days.has(day);
  }

  /** These words, one after the other, in one text, with the same punctuation between them. For proofs. */
  hasPhrase(words: readonly Word[]): boolean {
    const places = words.map(({ text }) => this.#places.get(text));
    let rarest = 0;
    for (const [index, found] of places.entries()) {
      if (found === undefined) return false;
      if (found.length < (places[rarest]?.length ?? 0)) rarest = index;
    }
    return places[rarest]?.some((place) => this.#isAt(words, place - rarest)) ?? false;
  }

  #isAt(words: readonly Word[], start: number): boolean {
    return words.every(({ text, afterBreak }, index) => {
      const at = start + index;
      return this.#sequence[at] === text && (index === 0 || this.#breaks[at] === afterBreak);
    });
  }

  get #isSaturated(): boolean {
    return this.#isFull && this.#use === 'mention';
  }

  #addText(text: string): void {
    const { dates, rest } = findDates(text.normalize('NFKC'));
    for (const { date, day } of dates) {
      if (!this.#hasRoom()) break;
      this.#days.add(day);
      if (date === undefined) this.#openDays.add(day);
      else this.#dates.add(date);
    }
    // Whole phrases are looked for in the text as it is, all else in the text without its dates.
    if (this.#use === 'proof') this.#addPhrases([...wordsOf(text)]);
    this.#addWords(wordsOf(rest));
    for (const iban of ibansIn(text)) {
      const words = wordsOf(iban);
      this.#addWords(words);
      this.#addPhrases(words);
    }
  }

  #addWords(words: readonly Word[]): void {
    let before: Word | undefined;
    let contentBefore: Word | undefined;
    for (const word of words) {
      if (!this.#hasRoom()) return;
      const form = this.#form(word);
      this.#words.add(form);
      if (NUMBER.test(word.text)) this.#numbers.add(Number(word.text));
      if (before !== undefined) this.#pairs.add(`${this.#form(before)} ${form}`);
      before = word;
      if (isCommon(word.text)) continue;
      if (contentBefore !== undefined) this.#contentPairs.add(`${this.#form(contentBefore)} ${form}`);
      contentBefore = word;
    }
  }

  #addPhrases(words: readonly Word[]): void {
    for (const { text, afterBreak } of words) {
      if (!this.#hasRoom()) return;
      const places = this.#places.get(text);
      if (places === undefined) this.#places.set(text, [this.#sequence.length]);
      else places.push(this.#sequence.length);
      this.#sequence.push(text);
      this.#breaks.push(afterBreak);
    }
    this.#sequence.push('');
    this.#breaks.push(true);
  }

  #addNumber(value: number): void {
    if (this.#hasRoom()) this.#numbers.add(value);
    this.#addPhrases(wordsOf(String(value)));
  }

  #hasRoom(): boolean {
    this.#count += 1;
    if (this.#count > this.#mostWords) this.#isFull = true;
    return !this.#isFull;
  }

  #form(word: Word): string {
    return this.#use === 'mention' ? word.bare : word.text;
  }
}

const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
