// Turns the text of a file into tokens; comments are kept beside the token that they precede.
import { WitError } from '../errors.ts';
import type { Span, WitSource } from '../source.ts';
import { quoteCharacter, refuseCharacters } from './characters.ts';
import { readString } from './strings.ts';
import { isKeyword, type Punctuation, type TokenKind } from './tokens.ts';

/**
 * The tokens of a file as columns, the last of kind `end` or `invalid`. What cannot be read is no error before it is
 * reached, for an earlier one of grammar comes first.
 */
export type Tokens = {
  readonly file: WitSource;
  readonly kinds: readonly TokenKind[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** The comments right before a token, by its index. */
  readonly comments: ReadonlyMap<number, readonly Span[]>;
  /** Why there is an `invalid` token. */
  readonly failure: WitError | undefined;
};

/** Reads all tokens; throws only for characters that are refused wherever they stand. */
export const readTokens = (file: WitSource): Tokens => {
  refuseCharacters(file);
  const kinds: TokenKind[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const comments = new Map<number, Span[]>();
  const add = (kind: TokenKind, start: number, end: number): number => {
    kinds.push(kind);
    starts.push(start);
    ends.push(end);
    return end;
  };
  let failure: WitError | undefined;
  try {
    let at = file.text.startsWith('\ufeff') ? 1 : 0;
    while (at < file.text.length) {
      const comment = endOfComment(file, at);
      if (comment !== undefined) {
        const before = comments.get(kinds.length) ?? [];
        comments.set(kinds.length, before);
        before.push({ file, start: at, end: comment });
        at = comment;
      } else {
        const blank = endOfBlank(file.text, at);
        if (blank > at) at = blank;
        else at = readToken(file, at, add);
      }
    }
    add('end', file.text.length, file.text.length);
  } catch (error) {
    if (!(error instanceof WitError)) throw error;
    failure = error;
    add('invalid', file.text.length, file.text.length);
  }
  return { file, kinds, starts, ends, comments, failure };
};

const blank = /(?:[ \t\n]|\r\n)*/y;

const endOfBlank = (text: string, at: number): number => {
  blank.lastIndex = at;
  blank.test(text);
  return blank.lastIndex;
};

const endOfComment = (file: WitSource, start: number): number | undefined => {
  const { text } = file;
  if (text.startsWith('//', start)) {
    const newline = text.indexOf('\n', start);
    return newline === -1 ? text.length : newline + 1;
  }
  if (!text.startsWith('/*', start)) return undefined;
  const bounds = /\/\*|\*\//g;
  bounds.lastIndex = start;
  for (let depth = 0; ; ) {
    const bound = bounds.exec(text);
    if (bound === null) throw new WitError('unterminated block comment', { span: { file, start, end: start + 1 } });
    depth += bound[0] === '/*' ? 1 : -1;
    if (depth === 0) return bounds.lastIndex;
  }
};

const punctuation: ReadonlySet<string> = new Set<Punctuation>([
  '=',
  ',',
  ':',
  '.',
  ';',
  '(',
  ')',
  '{',
  '}',
  '<',
  '>',
  '*',
  '@',
  '/',
  '+',
  '-',
]);
const isPunctuation = (character: string): character is Punctuation => punctuation.has(character);
const word = /[\p{XID_Start}_-][\p{XID_Continue}-]*/uy;
const digits = /[0-9]+/y;

const readToken = (
  file: WitSource,
  at: number,
  add: (kind: TokenKind, start: number, end: number) => number,
): number => {
  const { text } = file;
  const character = text[at]!;
  if (text.startsWith('->', at)) return add('->', at, at + 2);
  if (isPunctuation(character)) return add(character, at, at + 1);
  if (character === '%') return add('explicit-identifier', at, endOf(word, text, at + 1) ?? at + 1);
  if (character === '"') return add('text', at, readString(file, at).end);
  const wordEnd = endOf(word, text, at);
  if (wordEnd !== undefined) {
    const name = text.slice(at, wordEnd);
    return add(isKeyword(name) ? name : 'identifier', at, wordEnd);
  }
  const digitsEnd = endOf(digits, text, at);
  if (digitsEnd !== undefined) return add('integer', at, digitsEnd);
  const whole = String.fromCodePoint(text.codePointAt(at)!);
  throw new WitError(`unexpected character ${quoteCharacter(whole)}`, { span: { file, start: at, end: at + 1 } });
};

const endOf = (pattern: RegExp, text: string, at: number): number | undefined => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
};
