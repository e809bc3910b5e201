// The resolved WIT while it is being put together: arenas that grow, and which node of the binary became which type.

import type { TypeId } from '../../resolved.ts';
import { BinaryError } from '../errors.ts';
import type { Node, ResourceNode } from '../evaluate/nodes.ts';
import { type Budget, spend } from '../limits.ts';
import { fullNameIn, type InterfaceName } from '../names.ts';
import type { DraftInterface, DraftPackage, DraftType, DraftWorld } from './drafts.ts';

/** All that is put together from one file. */
export type Builder = {
  readonly budget: Budget;
  readonly types: DraftType[];
  readonly interfaces: DraftInterface[];
  readonly worlds: DraftWorld[];
  /** Package by full name, in the order of their first mention. */
  readonly packages: Map<string, DraftPackage>;
  readonly known: Map<Node, TypeId>;
  /** Pairs of a node and a type that were compared already. */
  readonly compared: Map<Node, Set<TypeId>>;
};

export const createBuilder = (budget: Budget): Builder => ({
  budget,
  types: [],
  interfaces: [],
  worlds: [],
  packages: new Map(),
  known: new Map(),
  compared: new Map(),
});

/** The type that a node, or what it is another name of, became. */
export const lookUp = (builder: Builder, node: Node, at: number): TypeId | undefined => {
  for (let name = node; ; name = name.of) {
    const id = builder.known.get(name);
    if (id !== undefined || name.form !== 'alias') return id;
    spend(builder.budget, 1, at);
  }
};

/** Notes what a node became. A resource is the same under all its names, so its first name goes for all. */
export const remember = (builder: Builder, node: Node, id: TypeId): void => {
  if (!builder.known.has(node)) builder.known.set(node, id);
  const root: Node = node.form === 'alias' ? node.root : node;
  if (root.form === 'resource' && !builder.known.has(root)) builder.known.set(root satisfies ResourceNode, id);
};

/** Follows a type that is another name to the type that it names. */
export const behindNames = (builder: Builder, id: TypeId, at: number): TypeId => {
  for (let current = id; ; ) {
    const kind = builder.types[current]?.kind;
    if (typeof kind !== 'object' || !('type' in kind) || typeof kind.type !== 'number') return current;
    spend(builder.budget, 1, at);
    current = kind.type;
  }
};

/** Adds a type. */
export const addType = (builder: Builder, type: DraftType, at: number): TypeId => {
  spend(builder.budget, 1, at);
  return builder.types.push(type) - 1;
};

/** The package of a full name, `ns:name@1.2.3`. */
export const packageNamed = (builder: Builder, name: string): DraftPackage => {
  const known = builder.packages.get(name);
  if (known !== undefined) return known;
  const added: DraftPackage = { id: builder.packages.size, name, interfaces: new Map(), worlds: new Map() };
  builder.packages.set(name, added);
  return added;
};

/** The interface of a full name, empty when it is mentioned for the first time. */
export const interfaceNamed = (builder: Builder, name: InterfaceName): DraftInterface => {
  const home = packageNamed(builder, name.package);
  const known = home.interfaces.get(name.interface);
  if (known !== undefined) return known;
  const added = addInterface(builder, name.interface, home);
  home.interfaces.set(name.interface, added);
  return added;
};

/** A new interface; one written inside a world has no name. */
export const addInterface = (builder: Builder, name: string | null, home: DraftPackage): DraftInterface => {
  const id = builder.interfaces.length;
  const fullName = name === null ? null : fullNameIn(home.name, name);
  const added: DraftInterface = { id, name, fullName, package: home.id, types: new Map(), functions: new Map() };
  builder.interfaces.push(added);
  return added;
};

/** A new world. */
export const addWorld = (builder: Builder, name: string, home: DraftPackage, at: number): DraftWorld => {
  if (home.worlds.has(name)) throw new BinaryError(`Expected each world once, found ${name} twice`, at);
  const id = builder.worlds.length;
  const added: DraftWorld = { id, name, package: home.id, imports: new Map(), exports: new Map() };
  builder.worlds.push(added);
  home.worlds.set(name, added);
  return added;
};
