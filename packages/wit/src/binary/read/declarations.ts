// What a component's bytes say, as data, before anything is looked up: one list of declarations serves components,
// component types and instance types, because they are read and evaluated alike.

import type { Primitive } from '../../resolved.ts';
import type { Shape } from '../shape.ts';

/** An inner type: a primitive, or an index into the types declared so far. */
export type TypeRef = Primitive | number;

export type ParameterSyntax = { readonly name: string; readonly type: TypeRef };

/** A type as declared. */
export type TypeSyntax =
  | { readonly form: 'value'; readonly shape: Shape<TypeRef> }
  | {
      readonly form: 'function';
      readonly async: boolean;
      readonly params: readonly ParameterSyntax[];
      readonly result: TypeRef | null;
    }
  | { readonly form: 'resource' }
  | { readonly form: 'instance' | 'component'; readonly body: readonly Declaration[] };

/** What can be imported, exported or aliased. Core items and values are read over: no WIT speaks of them. */
export type Sort = 'function' | 'type' | 'component' | 'instance' | 'core-module' | 'core' | 'value';

/** What an import or export is said to be. */
export type Description =
  | { readonly sort: 'function' | 'instance' | 'component'; readonly type: number }
  | { readonly sort: 'type'; readonly equals: number | null }
  | { readonly sort: 'core-module' | 'value' };

/** Something by its index. */
export type SortIndex = { readonly sort: Sort; readonly index: number };

/** The name of an import or export, with what may come along with it. */
export type ExternName = {
  readonly name: string;
  /** The interface that an import or export under a name of its own stands for. */
  readonly implements?: string;
  /** What to append to the version in the name for the full one. */
  readonly versionSuffix?: string;
};

export type Declaration = { readonly at: number } & (
  | { readonly op: 'type'; readonly type: TypeSyntax }
  | { readonly op: 'import'; readonly name: ExternName; readonly is: Description }
  /** An export of a type: described, with nothing behind it. */
  | { readonly op: 'export-type'; readonly name: ExternName; readonly is: Description }
  | { readonly op: 'export'; readonly name: ExternName; readonly item: SortIndex; readonly is: Description | null }
  | { readonly op: 'alias-export'; readonly sort: Sort; readonly instance: number; readonly name: string }
  | { readonly op: 'alias-outer'; readonly sort: Sort; readonly levels: number; readonly index: number }
  | { readonly op: 'instantiate'; readonly component: number; readonly args: ReadonlyMap<string, SortIndex> }
  | { readonly op: 'bundle'; readonly exports: ReadonlyMap<string, SortIndex> }
  | { readonly op: 'lift'; readonly type: number }
  /** A component inside; it is read only when something makes an instance of it. */
  | { readonly op: 'component'; readonly start: number; readonly end: number }
);
