// Interfaces: types, functions and uses between braces.
import type { InterfaceItem, InterfaceNode, Preamble } from '../syntax.ts';
import { type Cursor, eat, expect, failExpected, isIdentifier, next, peek, takeId } from './cursor.ts';
import { takeDefinition } from './definitions.ts';
import { takeComments } from './docs.ts';
import { takeNamedFunction } from './functions.ts';
import { takePreamble } from './gates.ts';
import { takeUse } from './uses.ts';

/** Takes `interface name { … }`. */
export const takeInterface = (cursor: Cursor, preamble: Preamble): InterfaceNode => {
  expect(cursor, 'interface');
  const id = takeId(cursor);
  return { ...preamble, id, items: takeInterfaceItems(cursor) };
};

/** Takes an interface's braces with what is in them. */
export const takeInterfaceItems = (cursor: Cursor): readonly InterfaceItem[] => {
  expect(cursor, '{');
  const items: InterfaceItem[] = [];
  for (;;) {
    const comments = takeComments(cursor);
    if (eat(cursor, '}')) return items;
    items.push(takeItem(cursor, takePreamble(cursor, comments)));
  }
};

const takeItem = (cursor: Cursor, preamble: Preamble): InterfaceItem => {
  const type = takeDefinition(cursor, preamble);
  if (type !== undefined) return { kind: 'type', type };
  const kind = peek(cursor);
  if (kind === 'use') return { kind, use: takeUse(cursor, preamble) };
  if (isIdentifier(kind)) return { kind: 'function', function: takeNamedFunction(cursor, preamble) };
  return failExpected('`type`, `resource` or `func`', next(cursor));
};
