// Drafts: resolved things while they are still being put together, with the places that errors point at.
import type {
  Docs,
  FunctionKind,
  InterfaceId,
  Parameter,
  Stability,
  Type,
  TypeId,
  TypeKind,
  TypeOwner,
  WorldId,
} from '../resolved.ts';
import type { Version } from './semver.ts';
import type { Span } from './source.ts';

/** What any item may have. */
export type Annotations = {
  readonly docs: Docs | undefined;
  readonly stability: Stability | undefined;
  readonly externalId: string | undefined;
};

export const noAnnotations: Annotations = { docs: undefined, stability: undefined, externalId: undefined };

/** `unknown` stands for a type of another package until the packages are joined. */
export type DraftType = Annotations & {
  readonly name: string | null;
  readonly kind: TypeKind | 'unknown';
  readonly owner: TypeOwner;
  readonly span: Span | undefined;
};

export type DraftFunction = Annotations & {
  readonly name: string;
  readonly kind: FunctionKind;
  readonly params: readonly Parameter[];
  readonly result: Type | undefined;
  readonly span: Span | undefined;
};

export type DraftInterface = {
  readonly name: string | null;
  readonly types: Map<string, TypeId>;
  readonly functions: Map<string, DraftFunction>;
  readonly annotations: Annotations;
  readonly span: Span | undefined;
};

/** A name of its own, or the id of the interface that names it: a string and a number are never the same key. */
export type WorldKey = string | InterfaceId;

export type DraftItem = { readonly span: Span | undefined } & (
  | { readonly kind: 'interface'; readonly id: InterfaceId; readonly annotations: Annotations }
  | { readonly kind: 'function'; readonly function: DraftFunction }
  | { readonly kind: 'type'; readonly id: TypeId }
);

export type DraftItems = Map<WorldKey, DraftItem>;

export type Renaming = { readonly name: string; readonly as: string };

export type DraftInclude = {
  readonly world: WorldId;
  readonly stability: Stability | undefined;
  readonly names: readonly Renaming[];
  readonly span: Span;
};

export type DraftWorld = {
  readonly name: string;
  readonly imports: DraftItems;
  readonly exports: DraftItems;
  readonly includes: readonly DraftInclude[];
  readonly annotations: Annotations;
  readonly span: Span | undefined;
};

/** A name that files define or bring in by `use`. */
export type Item = { readonly kind: 'interface' | 'world'; readonly id: number };

export type PackageName = { readonly namespace: string; readonly name: string; readonly version: Version | undefined };

/** What a package wants of another one, each with the gates under which it does. */
export type ForeignPackage = {
  readonly name: PackageName;
  readonly span: Span;
  readonly items: Map<string, { readonly item: Item; readonly stabilities: (Stability | undefined)[] }>;
};

/**
 * A package resolved by itself. Foreign interfaces, worlds and types come first in their arenas; all three are in an
 * order in which nothing refers to a later one.
 */
export type DraftPackage = {
  readonly name: PackageName;
  readonly span: Span;
  readonly docs: Docs | undefined;
  readonly types: readonly DraftType[];
  readonly interfaces: readonly DraftInterface[];
  readonly worlds: readonly DraftWorld[];
  readonly foreign: ReadonlyMap<string, ForeignPackage>;
  /** Foreign types that have to turn out to be resources. */
  readonly resources: readonly { readonly type: TypeId; readonly span: Span }[];
};
