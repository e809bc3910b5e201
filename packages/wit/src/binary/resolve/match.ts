// Whether what an interface says here is what it said before: it may be imported and exported, or spoken of in several
// files, and then has one entry, so all of them must agree.

import type { Type, TypeId } from '../../resolved.ts';
import { BinaryError, quoted } from '../errors.ts';
import { type FunctionNode, type Inner, type Node, rootOf } from '../evaluate/nodes.ts';
import { spend } from '../limits.ts';
import { parseFunctionName } from '../names.ts';
import { innerTypes, outline, partsOf, type Shape } from '../shape.ts';
import { type Builder, behindNames, lookUp, remember } from './builder.ts';
import type { DraftFunction } from './drafts.ts';

/** Refuses a type that differs from the one known under its name, and notes that they are the same. */
export const checkSameType = (builder: Builder, name: string, node: Node, id: TypeId, at: number): void => {
  if (!isSame(builder, node, id, at)) differs('type', name, at);
  remember(builder, node, id);
};

/** Refuses a function that differs from the one known under its name. */
export const checkSameFunction = (
  builder: Builder,
  text: string,
  node: FunctionNode,
  known: DraftFunction,
  at: number,
): void => {
  const async = node.async || parseFunctionName(text, at).async;
  const wasAsync = typeof known.kind === 'string' ? known.kind === 'async-freestanding' : isAsync(known.kind);
  const same =
    async === wasAsync &&
    node.params.length === known.params.length &&
    node.params.every(({ name, type }, place) => {
      const param = known.params[place];
      return param?.name === name && isSame(builder, type, param.type, at);
    }) &&
    isSameOrNone(builder, node.result, known.result ?? null, at);
  if (!same) differs('function', text, at);
};

const isAsync = (kind: object): boolean => 'async-method' in kind || 'async-static' in kind;

const differs = (what: string, name: string, at: number): never => {
  throw new BinaryError(`Expected the ${what} ${quoted(name)} to be the same wherever its interface appears`, at);
};

const isSameOrNone = (builder: Builder, inner: Inner | null, type: Type | null, at: number): boolean =>
  inner === null || type === null ? inner === type : isSame(builder, inner, type, at);

const isSame = (builder: Builder, inner: Inner, type: Type, at: number): boolean => {
  spend(builder.budget, 1, at);
  const id = typeof type === 'number' ? behindNames(builder, type, at) : undefined;
  const kind = id === undefined ? undefined : builder.types[id]?.kind;
  // `type t = u8` is a name of a primitive.
  const primitive = id === undefined ? type : typeof kind === 'object' && 'type' in kind ? kind.type : undefined;
  if (typeof inner === 'string') return inner === primitive;
  const known = lookUp(builder, inner, at);
  if (known !== undefined && id !== undefined && behindNames(builder, known, at) === id) return true;
  const root = rootOf(inner);
  if (root.form === 'resource') return known === undefined && kind === 'resource';
  if (root.form !== 'value') return false;
  if ('type' in root.shape && typeof root.shape.type === 'string') return root.shape.type === primitive;
  if (id === undefined || typeof kind !== 'object') return false;
  const compared = builder.compared.get(root) ?? new Set();
  if (compared.has(id)) return true;
  builder.compared.set(root, compared.add(id));
  if (!isSameShape(builder, root.shape, kind as Shape<Type>, at)) return false;
  if (known === undefined && builder.types[id]?.name === null) remember(builder, root, id);
  return true;
};

const isSameShape = (builder: Builder, shape: Shape<Inner>, kind: Shape<Type>, at: number): boolean => {
  spend(builder.budget, partsOf(shape) + partsOf(kind), at);
  if (outline(shape) !== outline(kind)) return false;
  const types = innerTypes(kind);
  return innerTypes(shape).every((inner, place) => isSame(builder, inner, types[place] ?? -1, at));
};
