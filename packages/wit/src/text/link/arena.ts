// All packages joined so far; like the drafts, but ids are final.
import type { Docs, PackageId, TypeId, TypeKind, TypeOwner } from '../../resolved.ts';
import {
  type Annotations,
  type DraftInterface,
  type DraftItems,
  type DraftType,
  noAnnotations,
  type PackageName,
} from '../draft.ts';
import { WitError } from '../errors.ts';
import { printPackageName } from '../package-names.ts';
import type { Span } from '../source.ts';
import { containsBorrow } from './borrows.ts';

export type LinkedType = DraftType & { readonly kind: TypeKind };
export type LinkedInterface = DraftInterface & { readonly package: PackageId };
export type LinkedWorld = {
  readonly name: string;
  imports: DraftItems;
  exports: DraftItems;
  readonly package: PackageId;
  readonly annotations: Annotations;
  readonly span: Span | undefined;
};
export type LinkedPackage = {
  readonly name: PackageName;
  readonly docs: Docs | undefined;
  readonly interfaces: Map<string, number>;
  readonly worlds: Map<string, number>;
};

export type Arena = {
  readonly types: LinkedType[];
  readonly interfaces: LinkedInterface[];
  readonly worlds: LinkedWorld[];
  readonly packages: LinkedPackage[];
  /** Packages by their printed names. */
  readonly packageIds: Map<string, PackageId>;
  /** Whether a type has a borrow in it, by its id. */
  readonly borrows: boolean[];
  /** Whether a type is a resource, under whatever name, by its id. */
  readonly resources: boolean[];
  /** The interfaces whose types an interface uses, by its id, as far as anybody asked. */
  readonly dependencies: Map<number, readonly number[]>;
  readonly features: 'all' | ReadonlySet<string>;
  /** How much worlds may still grow by what they include and depend on. */
  room: number;
};

// Worlds that include worlds grow quadratically: a small text could otherwise fill the memory.
const roomForWorlds = 1_000_000;

export const createArena = (features: 'all' | readonly string[]): Arena => ({
  types: [],
  interfaces: [],
  worlds: [],
  packages: [],
  packageIds: new Map(),
  borrows: [],
  resources: [],
  dependencies: new Map(),
  features: features === 'all' ? 'all' : new Set(features),
  room: roomForWorlds,
});

/** Counts items that worlds get from elsewhere; throws where there are too many. */
export const takeRoom = (arena: Arena, items: number): void => {
  arena.room -= items;
  if (arena.room < 0) throw new WitError(`worlds include more than ${roomForWorlds} items`);
};

export const addLinkedType = (arena: Arena, type: LinkedType): TypeId => {
  const { kind } = type;
  arena.borrows.push(containsBorrow(arena.borrows, kind));
  const target = kind !== 'resource' && 'type' in kind && typeof kind.type === 'number' ? kind.type : undefined;
  arena.resources.push(target === undefined ? kind === 'resource' : arena.resources[target] === true);
  return arena.types.push(type) - 1;
};

/** A type without a name. */
export const addUnnamed = (arena: Arena, kind: TypeKind): TypeId =>
  addLinkedType(arena, { ...noAnnotations, name: null, kind, owner: null, span: undefined });

export const setOwner = (arena: Arena, id: TypeId, owner: TypeOwner): void => {
  arena.types[id] = { ...arena.types[id]!, owner };
};

/** Opens a package; throws where one of that name is there. */
export const addPackage = (arena: Arena, name: PackageName, docs: Docs | undefined): PackageId => {
  const key = printPackageName(name);
  if (arena.packageIds.has(key)) {
    throw new WitError(`attempting to re-add package \`${key}\` when it's already present in this \`Resolve\``);
  }
  const id = arena.packages.push({ name, docs, interfaces: new Map(), worlds: new Map() }) - 1;
  arena.packageIds.set(key, id);
  return id;
};
