// What declarations mean: types as nodes that are told apart by identity, and what has a name by its sort.

import type { Primitive } from '../../resolved.ts';
import { BinaryError } from '../errors.ts';
import { MAX_DEPTH, MAX_TYPE_SIZE } from '../limits.ts';
import type { Declaration } from '../read/declarations.ts';
import { innerTypes, type Shape } from '../shape.ts';

/** An inner type of a node. */
export type Inner = Primitive | Node;

type ValueNode = {
  readonly form: 'value';
  readonly shape: Shape<Inner>;
  /** How deep it nests and how many parts it has when written out. */
  readonly depth: number;
  readonly size: number;
};

export type FunctionNode = {
  readonly form: 'function';
  readonly async: boolean;
  readonly params: readonly { readonly name: string; readonly type: Inner }[];
  readonly result: Inner | null;
};

/** A resource: equal to nothing but itself. */
export type ResourceNode = { readonly form: 'resource' };

/** An instance type or a component (type): evaluated each time it is used, in the scope where it was declared. */
export type ClosureNode = {
  readonly form: 'instance' | 'component';
  readonly body: () => readonly Declaration[];
  readonly outer: View | undefined;
};

type PlainNode = ValueNode | FunctionNode | ResourceNode | ClosureNode;

/** Another name of a type: what an import, an export or a bundle makes. */
type AliasNode = { readonly form: 'alias'; readonly of: Node; readonly root: PlainNode };

export type Node = PlainNode | AliasNode;

/** What has a name. */
export type Entity = { readonly at: number } & (
  | { readonly sort: 'function'; readonly type: FunctionNode }
  | { readonly sort: 'type'; readonly type: Node }
  | { readonly sort: 'instance'; readonly instance: Instance }
  | { readonly sort: 'component'; readonly component: ClosureNode }
  | { readonly sort: 'core-module' | 'value' }
);

/** An import or export, with what its name carried along. */
export type Extern = {
  readonly entity: Entity;
  readonly implements?: string;
  readonly versionSuffix?: string;
};

/** Names with what they stand for, in order. */
export type Instance = ReadonlyMap<string, Extern>;

/** What was declared so far at one level. */
export type Scope = {
  readonly types: Node[];
  readonly functions: FunctionNode[];
  readonly instances: Instance[];
  readonly components: ClosureNode[];
  readonly outer: View | undefined;
};

/** A scope as it was when something inside was declared: what comes later is out of reach, so nothing is circular. */
export type View = { readonly scope: Scope; readonly types: number; readonly components: number };

/** The type behind all names. */
export const rootOf = (node: Node): PlainNode => (node.form === 'alias' ? node.root : node);

/** Another name of a type. */
export const aliasOf = (node: Node): AliasNode => ({ form: 'alias', of: node, root: rootOf(node) });

/** A value type; refused if it nests too deep or is too large when written out. */
export const createValue = (shape: Shape<Inner>, at: number): ValueNode => {
  let depth = 1;
  let size = 1;
  for (const inner of innerTypes(shape)) {
    const root = typeof inner === 'string' ? undefined : rootOf(inner);
    depth = Math.max(depth, 1 + (root?.form === 'value' ? root.depth : 0));
    size += root?.form === 'value' ? root.size : 1;
  }
  if (depth > MAX_DEPTH) throw new BinaryError(`Expected value types nested at most ${MAX_DEPTH} deep`, at);
  if (size > MAX_TYPE_SIZE) throw new BinaryError(`Expected value types of at most ${MAX_TYPE_SIZE} parts`, at);
  return { form: 'value', shape, depth, size };
};
