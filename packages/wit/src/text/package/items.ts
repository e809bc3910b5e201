// The interfaces and worlds of a package: their names, what they depend on, and the order to resolve them in.
import type { Item } from '../draft.ts';
import { fail } from '../errors.ts';
import type { Id } from '../lex/identifiers.ts';
import type { InterfaceNode, TopItem, TopUse, WorldNode } from '../syntax.ts';
import { foreignItem } from './lookup.ts';
import { pathsOf } from './paths.ts';
import { addInterface, addWorld, type PackageState } from './state.ts';
import { sortNames } from './toposort.ts';

type Files = readonly (readonly TopItem[])[];

/** Something to resolve, and in which file it is. */
export type Declared<Node> = { readonly id: number; readonly file: number; readonly node: Node };

export type Declarations = {
  readonly interfaces: readonly Declared<InterfaceNode>[];
  readonly worlds: readonly Declared<WorldNode>[];
};

/** Declares all of them; throws for names that are there twice, are missing, or depend on themselves. */
export const declareItems = (state: PackageState, files: Files): Declarations => {
  const nodes = new Map<string, { readonly file: number; readonly node: TopItem }>();
  for (const [file, items] of files.entries()) {
    for (const node of items) {
      const id = definedId(node);
      if (id === undefined) continue;
      if (nodes.has(id.name)) fail(id.span, `duplicate item named \`${id.name}\``);
      nodes.set(id.name, { file, node });
    }
  }
  const edges = new Map<string, Id[]>([...nodes.keys()].map((name) => [name, []]));
  for (const items of files) addEdges(items, edges);

  const declared: Declarations & { interfaces: Declared<InterfaceNode>[]; worlds: Declared<WorldNode>[] } = {
    interfaces: [],
    worlds: [],
  };
  const local = new Map<string, Item>();
  for (const name of sortNames('interface or world', edges)) {
    const { file, node } = nodes.get(name)!;
    if (node.kind === 'interface') {
      const id = addInterface(state, name, node.interface.id.span);
      local.set(name, { kind: 'interface', id });
      declared.interfaces.push({ id, file, node: node.interface });
    } else if (node.kind === 'world') {
      const id = addWorld(state, name, node.world.id.span);
      local.set(name, { kind: 'world', id });
      declared.worlds.push({ id, file, node: node.world });
    }
  }
  for (const items of files) state.fileItems.push(namesOfFile(state, items, local));
  return declared;
};

const definedId = (node: TopItem): Id | undefined => {
  if (node.kind === 'interface') return node.interface.id;
  return node.kind === 'world' ? node.world.id : undefined;
};

const usedId = ({ path, as }: TopUse): Id => as ?? path.id;

// Names of this file, each with what it stands for in the package; undefined for foreign ones.
const addEdges = (items: readonly TopItem[], edges: Map<string, Id[]>): void => {
  const names = new Map<string, Id | undefined>();
  for (const node of items) {
    const id = node.kind === 'use' ? usedId(node.use) : definedId(node);
    if (id === undefined) continue;
    if (names.has(id.name)) fail(id.span, `duplicate name \`${id.name}\` in this file`);
    names.set(id.name, node.kind !== 'use' ? id : node.use.path.package === undefined ? node.use.path.id : undefined);
  }
  for (const { from, path } of pathsOf(items)) {
    if (from === undefined || path.package !== undefined) continue;
    const { name, span } = path.id;
    if (names.has(name)) {
      const target = names.get(name);
      if (target !== undefined) edges.get(from.name)!.push(target);
    } else if (edges.has(name)) edges.get(from.name)!.push(path.id);
    else fail(span, `interface or world \`${name}\` does not exist`);
  }
};

const namesOfFile = (
  state: PackageState,
  items: readonly TopItem[],
  local: ReadonlyMap<string, Item>,
): Map<string, Item> => {
  const names = new Map<string, Item>();
  for (const node of items) {
    const id = definedId(node);
    if (id !== undefined) {
      names.set(id.name, local.get(id.name)!);
      state.packageItems.set(id.name, local.get(id.name)!);
    } else if (node.kind === 'use') names.set(usedId(node.use).name, itemOfUse(state, node.use, local));
  }
  return names;
};

const itemOfUse = (state: PackageState, { span, gates, path }: TopUse, local: ReadonlyMap<string, Item>): Item => {
  if (gates.length > 0) fail(span, 'attributes not allowed on top-level use');
  if (path.package !== undefined) return foreignItem(state, path);
  return local.get(path.id.name) ?? fail(path.id.span, `interface or world \`${path.id.name}\` does not exist`);
};
