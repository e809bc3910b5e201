// Proofs for single values: where it was said, by somebody who may say it. What is not proven is not trusted.
import type { Json } from '@pypes/contract';
import { numberBits } from '../bits.ts';
import { type FoundDate, findDates } from './dates.ts';
import { isDisguised } from './fold.ts';
import {
  fragmentOf,
  isDateMentioned,
  isNameMentioned,
  isNumberMentioned,
  namesIn,
  pairsOf,
  type Read,
} from './mention.ts';
import { isAddress, isCommon, type Word, wordsOf } from './words.ts';

/**
 * - `unproven`: neither the prompt nor a trusted result has it
 * - `named`: an untrusted text names it and the prompt does not, whatever trusted results have
 * - `copied`: words of an untrusted text that nothing else has
 */
export type Doubt = { readonly why: 'unproven' | 'named' | 'copied'; readonly part: string };

/** What is known about a value: what speaks against it, bits of what nothing proves, and whether anything is proven. */
export type Proof = { readonly doubts: readonly Doubt[]; readonly bits: number; readonly isAnchored: boolean };

const PROVEN: Proof = { doubts: [], bits: 0, isAnchored: true };
const NOTHING: Proof = { doubts: [], bits: 0, isAnchored: false };

/** A value that decides where something goes: all of it in the prompt, or in one trusted field. */
export function proveDestination(value: Json, read: Read): Proof {
  if (value === null || value === '') return NOTHING;
  if (typeof value === 'boolean') return withBits(1);
  if (typeof value === 'number') return proveNumber(value, read, false);
  if (typeof value !== 'string') return withBits(1);
  const parts = value.split(/[,;]/).map((part) => part.trim());
  if (parts.length > 1 && parts.every((part) => part.includes('@'))) {
    return joinProofs(parts.map((part) => proveDestination(part, read)));
  }
  return isDisguised(value) || UNUSUAL.test(value)
    ? withDoubt('unproven', value)
    : proveWhole(wordsOfAddress(value), value, read);
}

/** A text of a call that names no destination: what it names is proven, the rest is not copied from untrusted texts. */
export function proveText(value: string, read: Read): Proof {
  const whole = wordsOf(value);
  if (whole.length === 0) return NOTHING;
  if (read.prompt.hasPhrase(whole) && !whole.every(({ text }) => isCommon(text))) return PROVEN;
  const { dates, times, rest } = findDates(value.normalize('NFKC'));
  const words = wordsOf(rest);
  const names = namesIn(words);
  const isShort = names.length === 1 && names[0]?.length === words.length;
  const fragment = fragmentOf(words, read);
  return joinProofs([
    ...dates.map((date) => proveDate(date, read)),
    withBits(times * TIME_BITS),
    ...names.map((name) => (isShort ? proveShort(name, read) : proveName(name, read))),
    fragment === undefined ? NOTHING : withDoubt('copied', fragment),
    { ...NOTHING, isAnchored: hasKnownPair(words, read) },
  ]);
}

/**
 * A text that goes to a proven destination: it may be what untrusted texts say, but neither send its reader to an
 * address that they name, nor be dictated by them.
 */
export function proveMessage(value: string, read: Read): Proof {
  const { dates, rest } = findDates(value.normalize('NFKC'));
  const words = wordsOf(rest);
  if (words.length === 0) return joinProofs(dates.map((date) => proveDate(date, read)));
  if (words.every(({ text }) => NUMBER.test(text))) {
    return joinProofs(words.map(({ text }) => proveNumber(Number(text), read, true)));
  }
  const addresses = words.filter(({ text }) => isAddress(text));
  return joinProofs([
    ...addresses.map((word) => proveWhole([word], word.text, read)),
    isDictated(words, read) ? withDoubt('copied', value) : NOTHING,
  ]);
}

/** A number: said, or worth its bits. */
export function proveNumber(value: number, read: Read, mayCost: boolean): Proof {
  if (read.prompt.hasNumber(value)) return PROVEN;
  if (isNumberMentioned(value, read)) return withDoubt('named', String(value));
  if (read.trusted.hasNumber(value)) return PROVEN;
  return mayCost ? withBits(numberBits(value)) : withDoubt('unproven', String(value));
}

export function joinProofs(proofs: readonly Proof[]): Proof {
  return {
    doubts: proofs.flatMap(({ doubts }) => doubts),
    bits: proofs.reduce((sum, { bits }) => sum + bits, 0),
    isAnchored: proofs.some(({ isAnchored }) => isAnchored),
  };
}

export function withBits(bits: number): Proof {
  return bits === 0 ? NOTHING : { doubts: [], bits, isAnchored: false };
}

/** Marks that no address and no name has, and that are lost where words are cut. */
const UNUSUAL = /["“”„«»`´()[\]{}<>|!…•·*\p{Sc}\n\t\\]/u;
const NUMBER = /^[+-]?\d+(?:\.\d+)?$/;
const IBAN = /^[A-Za-z]{2}\d{2}[A-Za-z\d]{11,30}$/;
/** A day within twenty years, the year alone, a day within a year, a minute of a day. */
const DATE_BITS = Math.log2(20 * 366);
const YEAR_BITS = Math.log2(20);
const DAY_BITS = Math.log2(366);
const TIME_BITS = Math.log2(24 * 60);
/** A text is dictated where so much of what is new in it stands in an untrusted text word by word. */
const DICTATED = 0.8;
const SHORT_MESSAGE = 8;

function wordsOfAddress(text: string): readonly Word[] {
  const compact = text.replaceAll(' ', '');
  return wordsOf(IBAN.test(compact) ? compact : text);
}

/** Found whole, in one text. */
function proveWhole(words: readonly Word[], text: string, read: Read): Proof {
  if (words.every((word) => isCommon(word.text))) return withDoubt('unproven', text);
  if (read.prompt.hasPhrase(words)) return PROVEN;
  if (isNameMentioned(words, read)) return withDoubt('named', text);
  return read.trusted.hasPhrase(words) ? PROVEN : withDoubt('unproven', text);
}

function proveShort(words: readonly Word[], read: Read): Proof {
  const [only] = words;
  if (words.length === 1 && only !== undefined && NUMBER.test(only.text))
    return proveNumber(Number(only.text), read, true);
  return words.every(({ text }) => isCommon(text)) ? NOTHING : proveWhole(words, phrase(words), read);
}

/** A name within a text may be put together from names that are known. */
function proveName(name: readonly Word[], read: Read): Proof {
  const whole = proveShort(name, read);
  if (whole.doubts.every(({ why }) => why !== 'unproven')) return whole;
  const isKnown = name.every((word) => read.prompt.hasWord(word) || read.trusted.hasWord(word));
  return isKnown ? PROVEN : whole;
}

function proveDate(found: FoundDate, read: Read): Proof {
  const { date, day } = found;
  const { prompt, trusted } = read;
  if (isDateMentioned(found, read)) return withDoubt('named', date ?? day);
  const isKnownDay = prompt.hasDay(day) || trusted.hasDay(day);
  if (date === undefined) return isKnownDay ? PROVEN : withBits(DAY_BITS);
  if (prompt.hasDate(date) || trusted.hasDate(date) || prompt.hasOpenDay(day)) return PROVEN;
  return isKnownDay ? { ...withBits(YEAR_BITS), isAnchored: true } : withBits(DATE_BITS);
}

/** A short text, such as a subject, quotes nobody: what it has from an untrusted text was dictated. */
function isDictated(words: readonly Word[], read: Read): boolean {
  const { prompt, trusted, untrusted } = read;
  if (words.length <= SHORT_MESSAGE) return fragmentOf(words, read) !== undefined;
  const added = pairsOf(words).filter(([a, b]) => !prompt.hasPair(a, b) && !trusted.hasPair(a, b));
  if (added.length < 2) return false;
  return added.filter(([a, b]) => untrusted.hasPair(a, b)).length >= DICTATED * added.length;
}

function hasKnownPair(words: readonly Word[], { prompt, trusted }: Read): boolean {
  const content = words.filter(({ text }) => !isCommon(text));
  return pairsOf(content).some(([a, b]) => prompt.hasContentPair(a, b) || trusted.hasContentPair(a, b));
}

function withDoubt(why: Doubt['why'], part: string): Proof {
  return { doubts: [{ why, part }], bits: 0, isAnchored: false };
}

function phrase(words: readonly Word[]): string {
  return words.map(({ text }) => text).join(' ');
}
