// The named types of an interface or world: those it uses, then those it defines, each after what it is made of.
import type { Docs, Stability, TypeKind, TypeOwner } from '../../resolved.ts';
import { fail } from '../errors.ts';
import { toDocs } from '../grammar/docs.ts';
import type { Id } from '../lex/identifiers.ts';
import type { ResourceFunction, TypeBody, TypeNode, UseNode } from '../syntax.ts';
import { dependenciesOf } from './dependencies.ts';
import { resolveKind, resolveType } from './expressions.ts';
import { findInterface } from './lookup.ts';
import { toAnnotations } from './stability.ts';
import { addType, type PackageState, type Place, type Scoped } from './state.ts';
import { sortNames } from './toposort.ts';

export type TypeItem =
  | { readonly kind: 'use'; readonly use: UseNode }
  | { readonly kind: 'type'; readonly type: TypeNode };

/** Resolves them all into the scope of the place. */
export const resolveTypes = (state: PackageState, place: Place, owner: TypeOwner, items: readonly TypeItem[]): void => {
  for (const item of items) if (item.kind === 'use') resolveUse(state, place, owner, item.use);
  const edges = new Map<string, readonly Id[]>();
  const nodes = new Map<string, TypeNode | undefined>();
  for (const item of items) {
    if (item.kind === 'type') {
      const { id } = item.type;
      if (nodes.has(id.name)) fail(id.span, `name \`${id.name}\` is defined more than once`);
      nodes.set(id.name, item.type);
      edges.set(id.name, dependenciesOf(item.type.body));
    } else {
      for (const { id, as = id } of item.use.names) {
        nodes.set(as.name, undefined);
        edges.set(as.name, []);
      }
    }
  }
  for (const name of sortNames('type', edges, notesOnRenamed)) {
    const node = nodes.get(name);
    if (node !== undefined) define(state, place, owner, node);
  }
};

const notesOnRenamed = (name: string): readonly string[] => {
  if (name !== 'float32' && name !== 'float64') return [];
  const today = name === 'float32' ? 'f32' : 'f64';
  return [
    `the \`${name}\` type has been renamed to \`${today}\` and is no longer accepted, but the \`WIT_REQUIRE_F32_F64=0\` ` +
      'environment variable can be used to temporarily disable this error',
  ];
};

const resolveUse = (state: PackageState, place: Place, owner: TypeOwner, use: UseNode): void => {
  const from = state.scopes[findInterface(state, place.file, use.from)]!;
  // Comments before a `use` are about the statement and not about the types.
  const annotations = { ...toAnnotations(use), docs: undefined };
  for (const { id, as = id } of use.names) {
    const found = from.get(id.name);
    if (found === undefined) fail(id.span, `name \`${id.name}\` does not exist`);
    else if (!('type' in found)) fail(id.span, `cannot import function \`${id.name}\``);
    else {
      const kind = { type: found.type };
      const type = addType(state, { ...annotations, name: as.name, kind, owner, span: id.span });
      defineName(place.scope, as, { type, span: as.span });
    }
  }
};

/** Adds a name to a scope; throws where it is there already. */
export const defineName = (scope: Map<string, Scoped>, { name, span }: Id, scoped: Scoped): void => {
  if (scope.has(name)) fail(span, `name \`${name}\` is defined more than once`);
  scope.set(name, scoped);
};

const define = (state: PackageState, place: Place, owner: TypeOwner, node: TypeNode): void => {
  const annotations = toAnnotations(node);
  const kind = kindOf(state, place, node, annotations.stability);
  const type = addType(state, { ...annotations, name: node.id.name, kind, owner, span: node.id.span });
  defineName(place.scope, node.id, { type, span: node.id.span });
};

const kindOf = (state: PackageState, place: Place, { id, body }: TypeNode, gate: Stability | undefined): TypeKind => {
  switch (body.kind) {
    case 'alias':
      return resolveKind(state, place, body.type, gate);
    case 'record': {
      const toField = ({ id: { name }, comments, type }: (typeof body.fields)[number]) => ({
        ...documented(toDocs(comments)),
        name,
        type: resolveType(state, place, type, gate),
      });
      return { record: { fields: body.fields.map(toField) } };
    }
    case 'variant': {
      if (body.cases.length === 0) fail(id.span, 'empty variant');
      const toCase = ({ id: { name }, comments, type }: (typeof body.cases)[number]) => ({
        ...documented(toDocs(comments)),
        name,
        type: type === undefined ? null : resolveType(state, place, type, gate),
      });
      return { variant: { cases: body.cases.map(toCase) } };
    }
    case 'enum':
      if (body.members.length === 0) fail(id.span, 'empty enum');
      return { enum: { cases: toNamed(body) } };
    case 'flags':
      return { flags: { flags: toNamed(body) } };
    case 'resource':
      refuseRepeated(body.functions);
      return 'resource';
  }
};

const documented = (docs: Docs | undefined) => (docs === undefined ? {} : { docs });

const toNamed = ({ members }: TypeBody & { readonly kind: 'enum' | 'flags' }) =>
  members.map(({ id: { name }, comments }) => ({ ...documented(toDocs(comments)), name }));

const refuseRepeated = (functions: readonly ResourceFunction[]): void => {
  const names = new Set<string>();
  let hasConstructor = false;
  for (const { kind, id } of functions) {
    if (kind === 'constructor') {
      if (hasConstructor) fail(id.span, 'duplicate constructors');
      hasConstructor = true;
    } else {
      if (names.has(id.name)) fail(id.span, `duplicate function name \`${id.name}\``);
      names.add(id.name);
    }
  }
};
