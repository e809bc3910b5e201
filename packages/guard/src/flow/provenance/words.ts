// Texts as words: cut so that an address, a link or an account number is one word that nothing can be hidden in.
import { fold, foldLookalikes, isAscii } from './fold.ts';

/** One word of a text. */
export type Word = {
  /** As proofs compare it. */
  readonly text: string;
  /** As mentions compare it: lookalike letters are one letter. */
  readonly bare: string;
  /** It begins with a capital letter, and no sentence does so here. */
  readonly isName: boolean;
  /** A mark of punctuation, or the end of a line, stands before it. */
  readonly afterBreak: boolean;
};

/**
 * The words of a text. Whatever is not space, a quotation mark, a bracket or a comma belongs to the word around it,
 * so that `a@b.co` is no word of `xa@b.co.evil`.
 *
 * @example
 * wordsOf("Pay 'Jane' at a@b.co.").map(({ text }) => text); // ['pay', 'jane', 'at', 'a@b.co']
 */
export function wordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  const plain = (isAscii(text) ? text : text.normalize('NFKC')).replace(THOUSANDS, '');
  let end = 0;
  let startsSentence = true;
  let afterBreak = false;
  for (const match of plain.matchAll(RUN)) {
    const [run] = match;
    const gap = plain.slice(end, match.index);
    end = match.index + run.length;
    if (gap !== ' ') {
      afterBreak ||= BREAK.test(gap);
      startsSentence ||= SENTENCE_END.test(gap);
    }
    const isPlain = PLAIN.test(run);
    const word = isPlain ? run : toWord(run);
    if (word !== '') {
      const isName = !startsSentence && CAPITAL.test(word);
      for (const text of inPieces(isPlain ? word.toLowerCase() : fold(word))) {
        const bare = isPlain ? text : foldLookalikes(text);
        words.push({ text, bare, isName, afterBreak: afterBreak && words.length > 0 });
        afterBreak = false;
      }
      startsSentence = false;
    }
    if (!isPlain && ENDING.test(run)) {
      afterBreak = true;
      startsSentence = true;
    }
  }
  return words;
}

/** Words that name nothing and therefore prove nothing. */
export function isCommon(word: string): boolean {
  return COMMON.has(word);
}

/** Words that stand for something: codes, numbers, addresses, links, names of files. */
export function isIdentifier(word: string): boolean {
  return (/\p{N}/u.test(word) || INNER_MARK.test(word)) && !ORDINAL.test(word);
}

/** Words that tell a reader where to go: mail addresses, links, hosts, account numbers. */
export function isAddress(word: string): boolean {
  return word.includes('@') || word.includes('://') || HOST.test(word) || ACCOUNT.test(word);
}

/** Names of days and months have capitals and name nothing that could be chosen. */
export function isCalendarWord(word: string): boolean {
  return CALENDAR.test(word);
}

const CALENDAR =
  /^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august|september|october|november|december)$/;
const THOUSANDS = /(?<=\d),(?=\d{3}(?!\d))/g;
const RUN = /[^\s"“”„«»`´(){}[\]<>,;|!…•·*\p{Sc}\u2013\u2014]+/gu;
const BREAK = /[,;|!…•·\n\u2013\u2014]/;
const SENTENCE_END = /[!…•\n]/;
const ENDING = /[.:?]['’]?$/;
const CAPITAL = /^[^\p{L}\p{N}]*\p{Lu}/u;
/** Most words are of letters alone. */
const PLAIN = /^[A-Za-z\d]+$/;
const FIRST = /[\p{L}\p{N}+]/u;
const LAST = /[\p{L}\p{N}\p{M}]/u;
const POSSESSIVE = /['’]s$/i;
const SCHEME = /^(?:https?:\/\/|mailto:)/i;
const INNER_MARK = /[\p{L}\p{N}][@._/:=%?&~#\\][\p{L}\p{N}]/u;
const ORDINAL = /^\d{1,3}(?:st|nd|rd|th)$/;
const HOST = /^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}{2,}(?:[:/?#].*)?$/u;
const ACCOUNT = /^[a-z]{2}\d{2}[a-z\d]{10,30}$/;
const LONGEST = 256;

function toWord(run: string): string {
  return trimMarks(trimMarks(run).replace(SCHEME, '')).replace(POSSESSIVE, '');
}

/** By hand: a pattern for the end goes over every run of marks again and again. */
function trimMarks(run: string): string {
  const chars = [...run];
  let start = 0;
  let end = chars.length;
  while (start < end && !FIRST.test(chars[start] ?? '')) start += 1;
  while (end > start && !LAST.test(chars[end - 1] ?? '')) end -= 1;
  return start === 0 && end === chars.length ? run : chars.slice(start, end).join('');
}

/** A word that is too long is kept in pieces, which only the same cut gives again. */
function inPieces(word: string): readonly string[] {
  if (word.length <= LONGEST) return word === '' ? [] : [word];
  const pieces: string[] = [];
  for (let at = 0; at < word.length; at += LONGEST) pieces.push(`${word.slice(at, at + LONGEST)}…${at}/${word.length}`);
  return pieces;
}

const COMMON: ReadonlySet<string> = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but by
  can could did do does doing don't down during each every few for from further get go had has have having he her here
  hers him his how i i'd i'll i'm i've if in into is it it's its itself just let like make may me more most my myself
  need no nor not now of off on once only or other our ours out over own please same send set she should so some such
  take than thank thanks that the their theirs them then there these they this those through to too under until up us
  use very was we were what when where which while who whom why will with would you your yours`
    .split(/\s+/)
    .filter((word) => word !== ''),
);
