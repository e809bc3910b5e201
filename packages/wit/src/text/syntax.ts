// The syntax tree of a file: what was written, before any name means anything.
import type { Primitive } from '../resolved.ts';
import type { Id } from './lex/identifiers.ts';
import type { Version } from './semver.ts';
import type { Span } from './source.ts';

/** A package's name as written. */
export type PackageId = {
  readonly namespace: Id;
  readonly name: Id;
  readonly version: Version | undefined;
  readonly span: Span;
};

/** One file, or the braces of a nested package. */
export type PackageFile = {
  readonly id: PackageId | undefined;
  readonly comments: readonly Span[];
  readonly items: readonly TopItem[];
};

export type TopItem =
  | { readonly kind: 'interface'; readonly interface: InterfaceNode }
  | { readonly kind: 'world'; readonly world: WorldNode }
  | { readonly kind: 'use'; readonly use: TopUse }
  | { readonly kind: 'package'; readonly package: PackageFile };

/** `@since` and its like, in order. */
export type Gate =
  | { readonly kind: 'since' | 'deprecated'; readonly version: Version; readonly span: Span }
  | { readonly kind: 'unstable'; readonly feature: string; readonly span: Span }
  | { readonly kind: 'external-id'; readonly value: string; readonly span: Span };

/** What may stand before any item. */
export type Preamble = { readonly comments: readonly Span[]; readonly gates: readonly Gate[] };

export type InterfaceNode = Preamble & { readonly id: Id; readonly items: readonly InterfaceItem[] };
export type WorldNode = Preamble & { readonly id: Id; readonly items: readonly WorldItemNode[] };
export type TopUse = Preamble & { readonly span: Span; readonly path: UsePath; readonly as: Id | undefined };

/** `name`, or `ns:package/name@1.2.3`. */
export type UsePath = { readonly package: PackageId | undefined; readonly id: Id };

export type UseNode = Preamble & {
  readonly from: UsePath;
  readonly names: readonly { readonly id: Id; readonly as: Id | undefined }[];
};

export type IncludeNode = Preamble & {
  readonly from: UsePath;
  readonly names: readonly { readonly id: Id; readonly as: Id }[];
};

export type InterfaceItem =
  | { readonly kind: 'type'; readonly type: TypeNode }
  | { readonly kind: 'function'; readonly function: NamedFunction }
  | { readonly kind: 'use'; readonly use: UseNode };

export type WorldItemNode =
  | { readonly kind: 'type'; readonly type: TypeNode }
  | { readonly kind: 'use'; readonly use: UseNode }
  | { readonly kind: 'include'; readonly include: IncludeNode }
  | { readonly kind: 'import' | 'export'; readonly extern: ExternNode };

/** What a world imports or exports. */
export type ExternNode = Preamble &
  (
    | { readonly kind: 'function'; readonly id: Id; readonly function: FunctionNode }
    | { readonly kind: 'interface'; readonly id: Id; readonly items: readonly InterfaceItem[] }
    /** An interface from elsewhere, under its own name or one given here. */
    | { readonly kind: 'path'; readonly id: Id | undefined; readonly path: UsePath }
  );

export type FunctionNode = {
  readonly span: Span;
  readonly isAsync: boolean;
  readonly params: readonly { readonly id: Id; readonly type: TypeExpression }[];
  readonly result: TypeExpression | undefined;
};

export type NamedFunction = Preamble & { readonly id: Id; readonly function: FunctionNode };

export type ResourceFunction = NamedFunction & { readonly kind: 'method' | 'static' | 'constructor' };

/** A type with a name. */
export type TypeNode = Preamble & { readonly id: Id; readonly body: TypeBody };

export type Member = { readonly id: Id; readonly comments: readonly Span[] };

export type TypeBody =
  | { readonly kind: 'alias'; readonly type: TypeExpression }
  | { readonly kind: 'record'; readonly fields: readonly (Member & { readonly type: TypeExpression })[] }
  | { readonly kind: 'variant'; readonly cases: readonly (Member & { readonly type: TypeExpression | undefined })[] }
  | { readonly kind: 'flags' | 'enum'; readonly members: readonly Member[] }
  | { readonly kind: 'resource'; readonly functions: readonly ResourceFunction[] };

/** A type where it is used. */
export type TypeExpression = { readonly span: Span } & (
  | { readonly kind: 'primitive'; readonly primitive: Primitive }
  | { readonly kind: 'name'; readonly id: Id }
  | { readonly kind: 'own' | 'borrow'; readonly id: Id }
  | { readonly kind: 'list' | 'option'; readonly element: TypeExpression }
  | { readonly kind: 'fixed-length-list'; readonly element: TypeExpression; readonly length: number }
  | { readonly kind: 'map'; readonly key: TypeExpression; readonly value: TypeExpression }
  | { readonly kind: 'tuple'; readonly elements: readonly TypeExpression[] }
  | { readonly kind: 'result'; readonly ok: TypeExpression | undefined; readonly err: TypeExpression | undefined }
  | { readonly kind: 'future' | 'stream'; readonly element: TypeExpression | undefined }
);
