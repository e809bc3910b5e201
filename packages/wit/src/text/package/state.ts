// What is known while one package is being resolved by itself.
import type { TypeId } from '../../resolved.ts';
import {
  type DraftInterface,
  type DraftType,
  type DraftWorld,
  type ForeignPackage,
  type Item,
  noAnnotations,
} from '../draft.ts';
import type { Span } from '../source.ts';

/** A name inside an interface or world. */
export type Scoped = { readonly span: Span } & ({ readonly type: TypeId } | { readonly function: true });

export type PackageState = {
  readonly types: DraftType[];
  /** For each type the one that it is another name of in the end, by id: itself where it is no other name. */
  readonly roots: TypeId[];
  readonly interfaces: DraftInterface[];
  readonly worlds: DraftWorld[];
  /** Types without a name, by what they are, so that each is there once. */
  readonly anonymous: Map<string, TypeId>;
  /** The names of each interface, by its id. */
  readonly scopes: Map<string, Scoped>[];
  readonly foreign: Map<string, ForeignPackage>;
  readonly foreignInterfaces: Set<number>;
  /** The names that each file has at its top, and those that the files share. */
  readonly fileItems: Map<string, Item>[];
  readonly packageItems: Map<string, Item>;
  readonly resources: { type: TypeId; span: Span }[];
};

/** Where names are looked up: which file, and what the interface or world at hand has defined so far. */
export type Place = { readonly file: number; readonly scope: Map<string, Scoped> };

export const createState = (): PackageState => ({
  types: [],
  roots: [],
  interfaces: [],
  worlds: [],
  anonymous: new Map(),
  scopes: [],
  foreign: new Map(),
  foreignInterfaces: new Set(),
  fileItems: [],
  packageItems: new Map(),
  resources: [],
});

export const addInterface = (state: PackageState, name: string | null, span: Span): number => {
  state.scopes.push(new Map());
  return state.interfaces.push({ name, types: new Map(), functions: new Map(), annotations: noAnnotations, span }) - 1;
};

export const addWorld = (state: PackageState, name: string, span: Span): number =>
  state.worlds.push({ name, imports: new Map(), exports: new Map(), includes: [], annotations: noAnnotations, span }) -
  1;

export const addType = (state: PackageState, type: DraftType): TypeId => {
  const { kind } = type;
  const target = typeof kind === 'object' && 'type' in kind && typeof kind.type === 'number' ? kind.type : undefined;
  const id = state.types.push(type) - 1;
  state.roots.push(target === undefined ? id : (state.roots[target] ?? id));
  return id;
};
