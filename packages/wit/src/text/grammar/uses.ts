// `use` and `include`, and the paths that they and worlds name interfaces by.
import type { Id } from '../lex/identifiers.ts';
import { spanBetween } from '../source.ts';
import type { IncludeNode, Preamble, TopUse, UseNode, UsePath } from '../syntax.ts';
import { type Cursor, eat, expect, takeId } from './cursor.ts';
import { takeList } from './lists.ts';
import { takeOptionalVersion } from './versions.ts';

/** Takes `name` or `ns:package/name@1.2.3`. */
export const takeUsePath = (cursor: Cursor): UsePath => {
  const id = takeId(cursor);
  return eat(cursor, ':') ? takeRestOfPath(cursor, id, takeId(cursor)) : { package: undefined, id };
};

/** Takes what follows `ns:package`. */
export const takeRestOfPath = (cursor: Cursor, namespace: Id, name: Id): UsePath => {
  expect(cursor, '/');
  const id = takeId(cursor);
  const version = takeOptionalVersion(cursor)?.version;
  return { package: { namespace, name, version, span: spanBetween(namespace.span, name.span) }, id };
};

/** Takes `use path as name;` of a file. */
export const takeTopUse = (cursor: Cursor, preamble: Preamble): TopUse => {
  const span = expect(cursor, 'use');
  const path = takeUsePath(cursor);
  const as = eat(cursor, 'as') ? takeId(cursor) : undefined;
  expect(cursor, ';');
  return { ...preamble, span, path, as };
};

/** Takes `use path.{name, other as name};`. */
export const takeUse = (cursor: Cursor, preamble: Preamble): UseNode => {
  expect(cursor, 'use');
  const from = takeUsePath(cursor);
  expect(cursor, '.');
  expect(cursor, '{');
  const names = takeList(cursor, '}', () => {
    const id = takeId(cursor);
    return { id, as: eat(cursor, 'as') ? takeId(cursor) : undefined };
  });
  expect(cursor, ';');
  return { ...preamble, from, names };
};

/** Takes `include path;`, or `include path with { name as other }`, which has no semicolon. */
export const takeInclude = (cursor: Cursor, preamble: Preamble): IncludeNode => {
  expect(cursor, 'include');
  const from = takeUsePath(cursor);
  if (!eat(cursor, 'with')) {
    expect(cursor, ';');
    return { ...preamble, from, names: [] };
  }
  expect(cursor, '{');
  const names = takeList(cursor, '}', () => {
    const id = takeId(cursor);
    expect(cursor, 'as');
    return { id, as: takeId(cursor) };
  });
  return { ...preamble, from, names };
};
