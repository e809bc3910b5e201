// Every path in a file by which something else is named, in the order in which wasm-tools looks at them.
import type { Id } from '../lex/identifiers.ts';
import type { ExternNode, Gate, InterfaceItem, TopItem, UseNode, UsePath, WorldNode } from '../syntax.ts';

export type PathUse = {
  /** The interface or world that depends on it; a world depends on what it includes alone. */
  readonly from: Id | undefined;
  readonly path: UsePath;
  readonly gates: readonly Gate[];
  /** The types wanted of it. */
  readonly names: UseNode['names'] | undefined;
  /** What it has to be; a `use` at the top of a file is taken for one of an interface. */
  readonly kind: 'interface' | 'world';
};

/** All of them; nested packages are not looked into. */
export const pathsOf = (items: readonly TopItem[]): readonly PathUse[] => items.flatMap(pathsOfTopItem);

const pathsOfTopItem = (item: TopItem): readonly PathUse[] => {
  switch (item.kind) {
    case 'interface':
      return pathsOfItems(item.interface.items, item.interface.id);
    case 'world':
      return pathsOfWorld(item.world);
    case 'use': {
      const { path, gates } = item.use;
      return [{ from: undefined, path, gates, names: undefined, kind: 'interface' }];
    }
    case 'package':
      return [];
  }
};

const pathsOfItems = (items: readonly InterfaceItem[], from: Id | undefined): readonly PathUse[] =>
  items.flatMap((item) => (item.kind === 'use' ? [pathOfUse(item.use, from)] : []));

const pathOfUse = ({ from: path, gates, names }: UseNode, from: Id | undefined): PathUse => ({
  from,
  path,
  gates,
  names,
  kind: 'interface',
});

// Imports before exports, wherever they are written: printed worlds have them in this order.
const pathsOfWorld = ({ id, items }: WorldNode): readonly PathUse[] => {
  const direct: PathUse[] = [];
  const imports: PathUse[] = [];
  const exports: PathUse[] = [];
  for (const item of items) {
    if (item.kind === 'use') direct.push(pathOfUse(item.use, undefined));
    else if (item.kind === 'include') {
      const { from: path, gates } = item.include;
      direct.push({ from: id, path, gates, names: undefined, kind: 'world' });
    } else if (item.kind !== 'type') {
      const target = item.kind === 'import' ? imports : exports;
      for (const path of pathsOfExtern(item.extern)) target.push(path);
    }
  }
  return [...direct, ...imports, ...exports];
};

const pathsOfExtern = (extern: ExternNode): readonly PathUse[] => {
  if (extern.kind === 'interface') return pathsOfItems(extern.items, undefined);
  if (extern.kind === 'function') return [];
  return [{ from: undefined, path: extern.path, gates: extern.gates, names: undefined, kind: 'interface' }];
};
