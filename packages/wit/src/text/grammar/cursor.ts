// A place in the tokens of one file: looking, taking, and saying what was wanted instead.
import { fail, WitError } from '../errors.ts';
import { type Id, toIdentifier } from '../lex/identifiers.ts';
import type { Tokens } from '../lex/lexer.ts';
import { describeToken, type TokenKind } from '../lex/tokens.ts';
import type { Span } from '../source.ts';

/** A reader of tokens; setting `index` goes back or forward. */
export type Cursor = { readonly tokens: Tokens; index: number };

export type Token = { readonly kind: TokenKind; readonly span: Span };

/** The kind of the next token; `end` at the end of the file. */
export const peek = ({ tokens, index }: Cursor): TokenKind => {
  const kind = tokens.kinds[index] ?? 'end';
  if (kind === 'invalid') throw tokens.failure ?? new WitError('Unreadable text');
  return kind;
};

/** The next token, without taking it. */
export const peekToken = (cursor: Cursor): Token => {
  const { tokens, index } = cursor;
  const kind = peek(cursor);
  const { length } = tokens.file.text;
  return {
    kind,
    span: { file: tokens.file, start: tokens.starts[index] ?? length, end: tokens.ends[index] ?? length },
  };
};

/** Takes the next token; the end can be taken again and again. */
export const next = (cursor: Cursor): Token => {
  const token = peekToken(cursor);
  if (token.kind !== 'end') cursor.index++;
  return token;
};

/** Takes the next token if it is of that kind. */
export const eat = (cursor: Cursor, kind: TokenKind): boolean => {
  if (peek(cursor) !== kind) return false;
  cursor.index++;
  return true;
};

/** Takes a token that has to be there. */
export const expect = (cursor: Cursor, kind: TokenKind): Span => {
  const { kind: found, span } = next(cursor);
  if (found === kind) return span;
  return failExpected(describeToken(kind), { kind: found, span: { ...span, end: span.start + 1 } });
};

/** Throws that something else was wanted in the place of a token. */
export const failExpected = (expected: string, { kind, span }: Token): never =>
  fail(span, `expected ${expected}, found ${describeToken(kind)}`, { expected });

/** Takes a name, `%` or not. */
export const takeId = (cursor: Cursor): Id => {
  const token = next(cursor);
  return isIdentifier(token.kind) ? toIdentifier(token.span) : failExpected('an identifier or string', token);
};

export const isIdentifier = (kind: TokenKind): boolean => kind === 'identifier' || kind === 'explicit-identifier';

/** The text at a place. */
export const textOf = ({ file, start, end }: Span): string => file.text.slice(start, end);
