// Comma-separated lists with an optional comma at the end.
import type { TokenKind } from '../lex/tokens.ts';
import type { Span } from '../source.ts';
import { type Cursor, eat, expect } from './cursor.ts';
import { takeComments } from './docs.ts';

/** Takes items up to the closing token, whose opening one has been taken; each gets the comments before it. */
export const takeList = <Item>(
  cursor: Cursor,
  close: TokenKind,
  takeItem: (comments: readonly Span[]) => Item,
): readonly Item[] => {
  const items: Item[] = [];
  for (;;) {
    const comments = takeComments(cursor);
    if (eat(cursor, close)) return items;
    items.push(takeItem(comments));
    if (eat(cursor, ',')) continue;
    expect(cursor, close);
    return items;
  }
};
