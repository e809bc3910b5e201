// Rewrites the types that a kind of type or a function is made of.
import type { FunctionKind, Type, TypeId, TypeKind } from '../../resolved.ts';
import type { DraftFunction } from '../draft.ts';

export type KindMap = {
  /** For types as values, such as fields. */
  readonly type: (type: Type) => Type;
  /** For types as such: what an alias names, the resource of a handle. */
  readonly id: (id: TypeId) => TypeId;
};

export const mapKind = (kind: TypeKind, map: KindMap): TypeKind => {
  const optional = (type: Type | null): Type | null => (type === null ? null : map.type(type));
  if (kind === 'resource' || 'flags' in kind || 'enum' in kind) return kind;
  if ('type' in kind) return typeof kind.type === 'number' ? { type: map.id(kind.type) } : kind;
  if ('handle' in kind) {
    return { handle: 'own' in kind.handle ? { own: map.id(kind.handle.own) } : { borrow: map.id(kind.handle.borrow) } };
  }
  if ('record' in kind) {
    return { record: { fields: kind.record.fields.map((field) => ({ ...field, type: map.type(field.type) })) } };
  }
  if ('variant' in kind) {
    return { variant: { cases: kind.variant.cases.map((inner) => ({ ...inner, type: optional(inner.type) })) } };
  }
  if ('tuple' in kind) return { tuple: { types: kind.tuple.types.map(map.type) } };
  if ('option' in kind) return { option: map.type(kind.option) };
  if ('list' in kind) return { list: map.type(kind.list) };
  if ('fixed-length-list' in kind) {
    const [element, length] = kind['fixed-length-list'];
    return { 'fixed-length-list': [map.type(element), length] };
  }
  if ('map' in kind) return { map: [map.type(kind.map[0]), map.type(kind.map[1])] };
  if ('result' in kind) return { result: { ok: optional(kind.result.ok), err: optional(kind.result.err) } };
  if ('future' in kind) return { future: optional(kind.future) };
  return { stream: optional(kind.stream) };
};

export const mapFunction = (target: DraftFunction, map: KindMap): DraftFunction => {
  const kind = mapFunctionKind(target.kind, map.id);
  const params = target.params.map(({ name, type }) => ({ name, type: map.type(type) }));
  const result = target.result === undefined ? undefined : map.type(target.result);
  return { ...target, kind, params, result };
};

const mapFunctionKind = (kind: FunctionKind, map: (id: TypeId) => TypeId): FunctionKind => {
  if (typeof kind === 'string') return kind;
  if ('method' in kind) return { method: map(kind.method) };
  if ('async-method' in kind) return { 'async-method': map(kind['async-method']) };
  if ('static' in kind) return { static: map(kind.static) };
  if ('async-static' in kind) return { 'async-static': map(kind['async-static']) };
  return { constructor: map(kind.constructor) };
};
