// Types where they are used: `list<u8>`, `result<_, error>`, names.
import type { Primitive } from '../../resolved.ts';
import { fail } from '../errors.ts';
import { toIdentifier } from '../lex/identifiers.ts';
import type { TokenKind } from '../lex/tokens.ts';
import type { Span } from '../source.ts';
import type { TypeExpression } from '../syntax.ts';
import { type Cursor, eat, expect, failExpected, isIdentifier, next, takeId, textOf } from './cursor.ts';
import { takeList } from './lists.ts';

const deepest = 100;

const primitives: ReadonlySet<string> = new Set<Primitive>([
  'bool',
  'u8',
  'u16',
  'u32',
  'u64',
  's8',
  's16',
  's32',
  's64',
  'f32',
  'f64',
  'char',
  'string',
  'error-context',
]);
const isPrimitive = (kind: string): kind is Primitive => primitives.has(kind);

/** Takes a type. `depth` is how many types are around it: what nests deeper than any person writes is refused. */
export const takeType = (cursor: Cursor, depth = 0): TypeExpression => {
  const token = next(cursor);
  const { kind, span } = token;
  if (depth >= deepest) return fail(span, 'type nesting too deep');
  if (isPrimitive(kind)) return { kind: 'primitive', primitive: kind, span };
  if (isIdentifier(kind)) return { kind: 'name', id: toIdentifier(span), span };
  return takeConstructed(cursor, kind, span, depth + 1) ?? failExpected('a type', token);
};

const takeConstructed = (cursor: Cursor, kind: TokenKind, span: Span, depth: number): TypeExpression | undefined => {
  switch (kind) {
    case 'tuple':
      expect(cursor, '<');
      return { kind, elements: takeList(cursor, '>', () => takeType(cursor, depth)), span };
    case 'list':
      return takeListType(cursor, span, depth);
    case 'map':
      return takeMap(cursor, span, depth);
    case 'option':
      expect(cursor, '<');
      return { kind, element: takeLast(cursor, depth), span };
    case 'result':
      return takeResult(cursor, span, depth);
    case 'future':
    case 'stream':
      return { kind, element: eat(cursor, '<') ? takeLast(cursor, depth) : undefined, span };
    case 'own':
    case 'borrow':
      return takeHandle(cursor, kind);
    default:
      return undefined;
  }
};

const takeLast = (cursor: Cursor, depth: number): TypeExpression => {
  const type = takeType(cursor, depth);
  expect(cursor, '>');
  return type;
};

const takeListType = (cursor: Cursor, span: Span, depth: number): TypeExpression => {
  expect(cursor, '<');
  const element = takeType(cursor, depth);
  const length = eat(cursor, ',') ? takeLength(cursor) : undefined;
  expect(cursor, '>');
  return length === undefined ? { kind: 'list', element, span } : { kind: 'fixed-length-list', element, length, span };
};

const takeLength = (cursor: Cursor): number => {
  const token = next(cursor);
  if (token.kind !== 'integer') return failExpected('fixed-length', token);
  const length = Number(textOf(token.span));
  return length < 2 ** 32 ? length : fail(token.span, 'invalid list size: number too large to fit in target type');
};

const takeMap = (cursor: Cursor, span: Span, depth: number): TypeExpression => {
  expect(cursor, '<');
  const key = takeType(cursor, depth);
  expect(cursor, ',');
  return { kind: 'map', key, value: takeLast(cursor, depth), span };
};

const takeResult = (cursor: Cursor, span: Span, depth: number): TypeExpression => {
  if (!eat(cursor, '<')) return { kind: 'result', ok: undefined, err: undefined, span };
  if (eat(cursor, '_')) {
    expect(cursor, ',');
    return { kind: 'result', ok: undefined, err: takeLast(cursor, depth), span };
  }
  const ok = takeType(cursor, depth);
  const err = eat(cursor, ',') ? takeType(cursor, depth) : undefined;
  expect(cursor, '>');
  return { kind: 'result', ok, err, span };
};

// Errors about a handle point at the resource.
const takeHandle = (cursor: Cursor, kind: 'own' | 'borrow'): TypeExpression => {
  expect(cursor, '<');
  const id = takeId(cursor);
  expect(cursor, '>');
  return { kind, id, span: id.span };
};
