// Nodes as types of the resolved WIT: named ones where an interface or world declares them, the others where they are
// used, each once.

import type { Type, TypeId, TypeKind, TypeOwner } from '../../resolved.ts';
import { BinaryError } from '../errors.ts';
import { type Inner, type Node, rootOf } from '../evaluate/nodes.ts';
import { spend } from '../limits.ts';
import { mapShape, mayBeAnonymous, partsOf, type Shape } from '../shape.ts';
import { addType, type Builder, lookUp, remember } from './builder.ts';

/** An inner type of a function, a field and so on. */
export const convertInner = (builder: Builder, inner: Inner, at: number): Type => {
  if (typeof inner === 'string') return inner;
  const known = lookUp(builder, inner, at);
  if (known !== undefined) return known;
  const root = rootOf(inner);
  if (root.form !== 'value' || !mayBeAnonymous(root.shape)) {
    throw new BinaryError('Expected records, variants, flags, enums and resources to have a name where used', at);
  }
  const id = addType(builder, { name: null, kind: convertShape(builder, root.shape, at), owner: null }, at);
  remember(builder, root, id);
  return id;
};

/** Declares a type under a name: a new one, or another name of one that is known. */
export const declareType = (
  builder: Builder,
  owner: Exclude<TypeOwner, null>,
  name: string,
  node: Node,
  at: number,
): TypeId => {
  const id = addType(builder, { name, kind: kindOf(builder, node, at), owner }, at);
  remember(builder, node, id);
  return id;
};

const kindOf = (builder: Builder, node: Node, at: number): TypeKind => {
  const known = lookUp(builder, node, at);
  if (known !== undefined) return { type: known };
  const root = rootOf(node);
  if (root.form === 'resource') return 'resource';
  if (root.form === 'value') return convertShape(builder, root.shape, at);
  throw new BinaryError(`Expected a value type or a resource, found the type of a ${root.form}`, at);
};

const convertShape = (builder: Builder, shape: Shape<Inner>, at: number): TypeKind => {
  spend(builder.budget, partsOf(shape), at);
  if ('handle' in shape) {
    const { handle } = shape;
    if ('own' in handle) return { handle: { own: convertResource(builder, handle.own, at) } };
    return { handle: { borrow: convertResource(builder, handle.borrow, at) } };
  }
  return mapShape(shape, (inner) => convertInner(builder, inner, at)) as Exclude<Shape<Type>, { handle: unknown }>;
};

const convertResource = (builder: Builder, node: Inner, at: number): TypeId => {
  const id = typeof node === 'string' ? undefined : lookUp(builder, node, at);
  if (id === undefined) throw new BinaryError('Expected a resource to have a name where used', at);
  return id;
};
