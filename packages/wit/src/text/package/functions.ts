// Functions, free and of resources.
import type { FunctionKind, Parameter, Type, TypeId } from '../../resolved.ts';
import type { DraftFunction } from '../draft.ts';
import { fail } from '../errors.ts';
import type { Id } from '../lex/identifiers.ts';
import type { Span } from '../source.ts';
import type { FunctionNode, Preamble, ResourceFunction, TypeExpression } from '../syntax.ts';
import { addAnonymous, findType, resolveType } from './expressions.ts';
import { toAnnotations } from './stability.ts';
import type { PackageState, Place } from './state.ts';

type Signature = Preamble & { readonly id: Id; readonly function: FunctionNode };

/** A function that belongs to no resource. */
export const resolveFreestanding = (state: PackageState, place: Place, node: Signature): DraftFunction =>
  resolveFunction(state, place, node, node.id.name, node.function.isAsync ? 'async-freestanding' : 'freestanding');

/** A constructor, method or static function; methods get `self` in front. */
export const resolveMember = (
  state: PackageState,
  place: Place,
  resource: Id,
  node: ResourceFunction,
): DraftFunction => {
  const owner = findType(place, resource);
  const name = node.kind === 'constructor' ? resource.name : `${resource.name}.${node.id.name}`;
  return resolveFunction(state, place, node, `[${node.kind}]${name}`, kindOf(node, owner));
};

const kindOf = ({ kind, function: { isAsync } }: ResourceFunction, owner: TypeId): FunctionKind => {
  switch (kind) {
    case 'constructor':
      return { constructor: owner };
    case 'method':
      return isAsync ? { 'async-method': owner } : { method: owner };
    case 'static':
      return isAsync ? { 'async-static': owner } : { static: owner };
  }
};

const resolveFunction = (
  state: PackageState,
  place: Place,
  node: Signature,
  name: string,
  kind: FunctionKind,
): DraftFunction => {
  const annotations = toAnnotations(node);
  const params = resolveParameters(state, place, node.function, kind);
  const result = resolveResult(state, place, node.function, kind);
  return { ...annotations, name, kind, params, result, span: node.id.span };
};

const resolveParameters = (
  state: PackageState,
  place: Place,
  { params, span }: FunctionNode,
  kind: FunctionKind,
): readonly Parameter[] => {
  const resolved = new Map<string, Type>();
  const self = selfOf(kind);
  if (self !== undefined) resolved.set('self', addAnonymous(state, { handle: { borrow: self } }, undefined, span));
  for (const { id, type } of params) {
    const found = resolveType(state, place, type, undefined);
    if (resolved.has(id.name)) fail(id.span, `param \`${id.name}\` is defined more than once`);
    resolved.set(id.name, found);
  }
  return Array.from(resolved, ([name, type]) => ({ name, type }));
};

const selfOf = (kind: FunctionKind): TypeId | undefined => {
  if (typeof kind === 'string') return undefined;
  if ('method' in kind) return kind.method;
  return 'async-method' in kind ? kind['async-method'] : undefined;
};

const resolveResult = (
  state: PackageState,
  place: Place,
  { result }: FunctionNode,
  kind: FunctionKind,
): Type | undefined => {
  const isConstructor = typeof kind === 'object' && 'constructor' in kind && typeof kind.constructor === 'number';
  if (result === undefined) return isConstructor ? kind.constructor : undefined;
  const type = resolveType(state, place, result, undefined);
  if (isConstructor) refuseOtherResult(state, kind.constructor, result, type);
  return type;
};

// A constructor that can fail says so by `result<r, error>`.
const refuseOtherResult = (state: PackageState, resource: TypeId, node: TypeExpression, type: Type): void => {
  const kind = typeof type === 'number' ? state.types[type]!.kind : undefined;
  if (typeof kind !== 'object' || !('result' in kind)) {
    fail(node.span, 'if a constructor return type is declared it must be a `result`');
  } else if (kind.result.ok !== resource) {
    fail(okSpan(node), 'the `ok` type must be the resource being constructed');
  }
};

const okSpan = (node: TypeExpression): Span => (node.kind === 'result' ? (node.ok?.span ?? node.span) : node.span);
