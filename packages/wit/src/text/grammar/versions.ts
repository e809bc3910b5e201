// Versions inside WIT, put together from tokens.
import { fail } from '../errors.ts';
import type { TokenKind } from '../lex/tokens.ts';
import { readVersion, type Version } from '../semver.ts';
import { type Span, spanBetween } from '../source.ts';
import { type Cursor, eat, expect, peek, peekToken, textOf } from './cursor.ts';

export type PlacedVersion = { readonly version: Version; readonly span: Span };

/** Takes `@1.2.3` if it is there. */
export const takeOptionalVersion = (cursor: Cursor): PlacedVersion | undefined =>
  eat(cursor, '@') ? takeVersion(cursor) : undefined;

/** Takes `1.2.3-rc.1+build`. */
export const takeVersion = (cursor: Cursor): PlacedVersion => {
  const first = expect(cursor, 'integer');
  expect(cursor, '.');
  expect(cursor, 'integer');
  expect(cursor, '.');
  let last = expect(cursor, 'integer');
  for (const mark of ['-', '+'] as const) if (eat(cursor, mark)) last = takeLabel(cursor) ?? last;
  const span = spanBetween(first, last);
  const version = readVersion(textOf(span));
  return { version: typeof version === 'string' ? fail(span, version) : version, span };
};

// The dot of `use a:b/c@1.0.0-rc.{t}` is no part of the version.
const takeLabel = (cursor: Cursor): Span | undefined => {
  let last: Span | undefined;
  for (;;) {
    const back = cursor.index;
    if (peek(cursor) === '.') cursor.index++;
    const { kind, span } = peekToken(cursor);
    if (!isLabel(kind)) {
      cursor.index = back;
      return last;
    }
    cursor.index++;
    last = span;
  }
};

const isLabel = (kind: TokenKind): boolean => kind === 'identifier' || kind === 'integer' || kind === '-';
