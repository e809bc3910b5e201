// Types with a name: `type`, `record`, `variant`, `flags`, `enum`, `resource`.
import type { TokenKind } from '../lex/tokens.ts';
import type { Preamble, TypeBody, TypeNode } from '../syntax.ts';
import { type Cursor, eat, expect, next, peek, takeId } from './cursor.ts';
import { takeList } from './lists.ts';
import { takeResourceBody } from './resources.ts';
import { takeType } from './types.ts';

const keywords = ['type', 'record', 'variant', 'flags', 'enum', 'resource'] as const;
type DefinitionKeyword = (typeof keywords)[number];
const isDefinition = (kind: TokenKind): kind is DefinitionKeyword => (keywords as readonly string[]).includes(kind);

/** Takes a definition if the next token begins one. */
export const takeDefinition = (cursor: Cursor, preamble: Preamble): TypeNode | undefined => {
  const keyword = peek(cursor);
  if (!isDefinition(keyword)) return undefined;
  next(cursor);
  const id = takeId(cursor);
  return { ...preamble, id, body: takeBody(cursor, keyword) };
};

const takeBody = (cursor: Cursor, keyword: DefinitionKeyword): TypeBody => {
  switch (keyword) {
    case 'type':
      return takeAlias(cursor);
    case 'resource':
      return takeResourceBody(cursor);
    case 'record':
      expect(cursor, '{');
      return { kind: keyword, fields: takeList(cursor, '}', (comments) => ({ comments, ...takeField(cursor) })) };
    case 'variant':
      expect(cursor, '{');
      return { kind: keyword, cases: takeList(cursor, '}', (comments) => ({ comments, ...takeCase(cursor) })) };
    case 'flags':
    case 'enum':
      expect(cursor, '{');
      return { kind: keyword, members: takeList(cursor, '}', (comments) => ({ comments, id: takeId(cursor) })) };
  }
};

const takeAlias = (cursor: Cursor): TypeBody => {
  expect(cursor, '=');
  const type = takeType(cursor);
  expect(cursor, ';');
  return { kind: 'alias', type };
};

const takeField = (cursor: Cursor) => {
  const id = takeId(cursor);
  expect(cursor, ':');
  return { id, type: takeType(cursor) };
};

const takeCase = (cursor: Cursor) => {
  const id = takeId(cursor);
  if (!eat(cursor, '(')) return { id, type: undefined };
  const type = takeType(cursor);
  expect(cursor, ')');
  return { id, type };
};
