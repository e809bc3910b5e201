// Worlds: imports, exports, includes, uses and types between braces.
import type { ExternNode, Preamble, WorldItemNode, WorldNode } from '../syntax.ts';
import { type Cursor, eat, expect, failExpected, next, peek, takeId } from './cursor.ts';
import { takeDefinition } from './definitions.ts';
import { takeComments } from './docs.ts';
import { takeFunction } from './functions.ts';
import { takePreamble } from './gates.ts';
import { takeInterfaceItems } from './interfaces.ts';
import { takeInclude, takeRestOfPath, takeUse, takeUsePath } from './uses.ts';

/** Takes `world name { … }`. */
export const takeWorld = (cursor: Cursor, preamble: Preamble): WorldNode => {
  expect(cursor, 'world');
  const id = takeId(cursor);
  expect(cursor, '{');
  const items: WorldItemNode[] = [];
  for (;;) {
    const comments = takeComments(cursor);
    if (eat(cursor, '}')) return { ...preamble, id, items };
    items.push(takeItem(cursor, takePreamble(cursor, comments)));
  }
};

const takeItem = (cursor: Cursor, preamble: Preamble): WorldItemNode => {
  const kind = peek(cursor);
  switch (kind) {
    case 'import':
    case 'export':
      next(cursor);
      return { kind, extern: takeExtern(cursor, preamble) };
    case 'use':
      return { kind, use: takeUse(cursor, preamble) };
    case 'include':
      return { kind, include: takeInclude(cursor, preamble) };
    default: {
      const type = takeDefinition(cursor, preamble);
      if (type !== undefined) return { kind: 'type', type };
      return failExpected('`import`, `export`, `include`, `use`, or type definition', next(cursor));
    }
  }
};

const takeExtern = (cursor: Cursor, preamble: Preamble): ExternNode => {
  const id = takeId(cursor);
  if (!eat(cursor, ':'))
    return endPath(cursor, { ...preamble, kind: 'path', id: undefined, path: { package: undefined, id } });
  const kind = peek(cursor);
  if (kind === 'func' || kind === 'async') {
    const inner = takeFunction(cursor);
    expect(cursor, ';');
    return { ...preamble, kind: 'function', id, function: inner };
  }
  if (eat(cursor, 'interface')) return { ...preamble, kind: 'interface', id, items: takeInterfaceItems(cursor) };

  // `a:b/c` is a path; `a: b` and `a: b:c/d` are a name and a path.
  const back = cursor.index;
  const name = takeId(cursor);
  if (peek(cursor) === '/') {
    return endPath(cursor, { ...preamble, kind: 'path', id: undefined, path: takeRestOfPath(cursor, id, name) });
  }
  cursor.index = back;
  return endPath(cursor, { ...preamble, kind: 'path', id, path: takeUsePath(cursor) });
};

const endPath = (cursor: Cursor, extern: ExternNode): ExternNode => {
  expect(cursor, ';');
  return extern;
};
