// Parts of a resolved WIT that can still change, with maps where the result has objects: names from a stranger's file are
// safe in them.

import type {
  Docs,
  FunctionKind,
  InterfaceId,
  PackageId,
  Parameter,
  ResolvedWit,
  Stability,
  Type,
  TypeDefinition,
  TypeId,
  TypeKind,
  TypeOwner,
  WitFunction,
  World,
  WorldId,
  WorldItem,
} from '../../resolved.ts';

/** What documentation may add to. */
export type Documented = { docs?: Docs; stability?: Stability };

export type DraftType = { readonly name: string | null; kind: TypeKind; readonly owner: TypeOwner } & Documented;

export type DraftFunction = {
  readonly name: string;
  readonly kind: FunctionKind;
  readonly params: readonly Parameter[];
  readonly result?: Type;
} & Documented;

export type DraftInterface = {
  readonly id: InterfaceId;
  readonly name: string | null;
  /** `ns:package/name@1.2.3`; null without a name. */
  readonly fullName: string | null;
  readonly package: PackageId;
  readonly types: Map<string, TypeId>;
  readonly functions: Map<string, DraftFunction>;
} & Documented;

export type DraftItem =
  | { readonly interface: { readonly id: InterfaceId } & Documented }
  | { readonly function: DraftFunction }
  | { readonly type: TypeId };

export type DraftWorld = {
  readonly id: WorldId;
  readonly name: string;
  readonly package: PackageId;
  readonly imports: Map<string, DraftItem>;
  readonly exports: Map<string, DraftItem>;
} & Documented;

export type DraftPackage = {
  readonly id: PackageId;
  readonly name: string;
  readonly interfaces: Map<string, DraftInterface>;
  readonly worlds: Map<string, DraftWorld>;
} & Documented;

type Drafts = {
  readonly types: readonly DraftType[];
  readonly interfaces: readonly DraftInterface[];
  readonly worlds: readonly DraftWorld[];
  readonly packages: ReadonlyMap<string, DraftPackage>;
};

/** The drafts as the finished thing. Its objects by name have no prototype, so that no name is in them by itself. */
export const toResolved = ({ types, interfaces, worlds, packages }: Drafts): ResolvedWit => ({
  worlds: worlds.map(
    ({ id: _, imports, exports, ...world }): World => ({
      ...world,
      imports: toObject(imports, (item): WorldItem => item),
      exports: toObject(exports, (item): WorldItem => item),
    }),
  ),
  interfaces: interfaces.map(({ id: _, fullName: __, ...draft }) => ({
    ...draft,
    types: toObject(draft.types, (id) => id),
    functions: toObject(draft.functions, (item): WitFunction => item),
  })),
  types: types.map((type): TypeDefinition => type),
  packages: [...packages.values()].map(({ id: _, stability: __, ...draft }) => ({
    ...draft,
    interfaces: toObject(draft.interfaces, ({ id }) => id),
    worlds: toObject(draft.worlds, ({ id }) => id),
  })),
});

const toObject = <A, B>(map: ReadonlyMap<string, A>, change: (value: A) => B): { [name: string]: B } => {
  const object: { [name: string]: B } = Object.create(null);
  for (const [name, value] of map) object[name] = change(value);
  return object;
};
