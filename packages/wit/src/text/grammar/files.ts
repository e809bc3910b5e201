// Files: the package's name, then interfaces, worlds, uses and nested packages.
import { fail } from '../errors.ts';
import { readTokens } from '../lex/lexer.ts';
import { spanBetween, type WitSource } from '../source.ts';
import type { PackageFile, PackageId, Preamble, TopItem } from '../syntax.ts';
import { type Cursor, eat, expect, failExpected, next, peek, peekToken, takeId } from './cursor.ts';
import { takeComments } from './docs.ts';
import { takePreamble } from './gates.ts';
import { takeInterface } from './interfaces.ts';
import { takeTopUse } from './uses.ts';
import { takeOptionalVersion } from './versions.ts';
import { takeWorld } from './worlds.ts';

// Packages inside nested packages are refused anyway; this keeps hostile text from exhausting the stack before.
const deepest = 100;

/** Reads a file by its grammar alone. */
export const parseFile = (source: WitSource): PackageFile => {
  const cursor: Cursor = { tokens: readTokens(source), index: 0 };
  const comments = takeComments(cursor);
  const id = takeHeader(cursor);
  return { id, comments: id === undefined ? [] : comments, items: takeItems(cursor, 'end', 0) };
};

// `package a:b {` is a nested package and not the name of this one.
const takeHeader = (cursor: Cursor): PackageId | undefined => {
  if (!eat(cursor, 'package')) return undefined;
  const id = takePackageId(cursor);
  if (eat(cursor, ';')) return id;
  cursor.index = 0;
  return undefined;
};

const takePackageId = (cursor: Cursor): PackageId => {
  const namespace = takeId(cursor);
  expect(cursor, ':');
  const name = takeId(cursor);
  const version = takeOptionalVersion(cursor);
  return { namespace, name, version: version?.version, span: spanBetween(namespace.span, version?.span ?? name.span) };
};

const takeItems = (cursor: Cursor, close: 'end' | '}', depth: number): readonly TopItem[] => {
  const items: TopItem[] = [];
  for (;;) {
    const comments = takeComments(cursor);
    if (peek(cursor) === close) {
      next(cursor);
      return items;
    }
    items.push(takeItem(cursor, takePreamble(cursor, comments), depth));
  }
};

const takeItem = (cursor: Cursor, preamble: Preamble, depth: number): TopItem => {
  const token = peekToken(cursor);
  switch (token.kind) {
    case 'interface':
      return { kind: 'interface', interface: takeInterface(cursor, preamble) };
    case 'world':
      return { kind: 'world', world: takeWorld(cursor, preamble) };
    case 'use':
      return { kind: 'use', use: takeTopUse(cursor, preamble) };
    case 'package':
      return { kind: 'package', package: takeNested(cursor, preamble, depth) };
    default:
      return failExpected('`world`, `interface` or `use`', next(cursor));
  }
};

const takeNested = (cursor: Cursor, { comments, gates }: Preamble, depth: number): PackageFile => {
  const span = expect(cursor, 'package');
  if (depth >= deepest) fail(span, 'package nesting too deep');
  if (gates.length > 0) fail(span, 'cannot place attributes on nested packages');
  const id = takePackageId(cursor);
  expect(cursor, '{');
  return { id, comments, items: takeItems(cursor, '}', depth + 1) };
};
