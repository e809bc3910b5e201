// Types where they are used: names become ids, and each unnamed type is stored once.
import type { Stability, Type, TypeId, TypeKind } from '../../resolved.ts';
import { noAnnotations } from '../draft.ts';
import { fail } from '../errors.ts';
import type { Id } from '../lex/identifiers.ts';
import type { Span } from '../source.ts';
import type { TypeExpression } from '../syntax.ts';
import { addType, type PackageState, type Place } from './state.ts';

/** The type that an expression means. A gate around it holds for the unnamed types in it. */
export const resolveType = (
  state: PackageState,
  place: Place,
  type: TypeExpression,
  gate: Stability | undefined,
): Type => addAnonymous(state, resolveKind(state, place, type, gate), gate, type.span);

/** The kind of an expression, for a definition that gives it a name. */
export const resolveKind = (
  state: PackageState,
  place: Place,
  type: TypeExpression,
  gate: Stability | undefined,
): TypeKind => {
  const resolve = (inner: TypeExpression): Type => resolveType(state, place, inner, gate);
  const resolveOptional = (inner: TypeExpression | undefined): Type | null =>
    inner === undefined ? null : resolve(inner);
  switch (type.kind) {
    case 'primitive':
      return { type: type.primitive };
    case 'name':
      return { type: findType(place, type.id) };
    case 'own':
      return { handle: { own: findResource(state, place, type.id) } };
    case 'borrow':
      return { handle: { borrow: findResource(state, place, type.id) } };
    case 'list':
      return { list: resolve(type.element) };
    case 'option':
      return { option: resolve(type.element) };
    case 'fixed-length-list':
      return { 'fixed-length-list': [resolve(type.element), type.length] };
    case 'map': {
      const [key, value] = [resolve(type.key), resolve(type.value)];
      if (!isKey(key)) fail(type.span, `invalid map key type: map keys must be ${keyTypes}`);
      return { map: [key, value] };
    }
    case 'tuple':
      return { tuple: { types: type.elements.map(resolve) } };
    case 'result':
      return { result: { ok: resolveOptional(type.ok), err: resolveOptional(type.err) } };
    case 'future':
      return { future: resolveOptional(type.element) };
    case 'stream':
      return { stream: resolveOptional(type.element) };
  }
};

const keyTypes = 'bool, u8, u16, u32, u64, s8, s16, s32, s64, char, or string';
const isKey = (type: Type): boolean =>
  typeof type === 'string' && type !== 'f32' && type !== 'f64' && type !== 'error-context';

/** The id of a named type in scope. */
export const findType = ({ scope }: Place, { name, span }: Id): TypeId => {
  const found = scope.get(name);
  if (found === undefined) return fail(span, `name \`${name}\` does not exist`);
  return 'type' in found ? found.type : fail(span, `cannot use function \`${name}\` as a type`);
};

// What a foreign type is turns out when the packages are joined.
const findResource = (state: PackageState, place: Place, id: Id): TypeId => {
  const type = findType(place, id);
  const root = state.roots[type] ?? type;
  const { kind } = state.types[root]!;
  if (kind === 'unknown') state.resources.push({ type: root, span: id.span });
  else if (kind !== 'resource') fail(id.span, `type \`${id.name}\` used in a handle must be a resource`);
  return type;
};

/** Stores a type without a name, unless it is there or needs no entry of its own. */
export const addAnonymous = (state: PackageState, kind: TypeKind, gate: Stability | undefined, span: Span): Type => {
  if (typeof kind === 'object' && 'type' in kind) return kind.type;
  // Where a resource is a value, it is owned: `own<r>` is the same as `r`.
  if (typeof kind === 'object' && 'handle' in kind && 'own' in kind.handle) return kind.handle.own;
  const key = JSON.stringify(kind);
  const known = state.anonymous.get(key);
  if (known !== undefined) return known;
  const stability = gate ?? gateOfParts(state, kind);
  const id = addType(state, { ...noAnnotations, stability, name: null, kind, owner: null, span });
  state.anonymous.set(key, id);
  return id;
};

// `option<t>` is there as long as `t` is.
const gateOfParts = (state: PackageState, kind: TypeKind): Stability | undefined => {
  for (const part of partsOf(kind)) {
    const gate = typeof part === 'number' ? state.types[part]!.stability : undefined;
    if (gate !== undefined) return gate;
  }
  return undefined;
};

const partsOf = (kind: TypeKind): readonly (Type | null)[] => {
  if (kind === 'resource') return [];
  if ('handle' in kind) return ['own' in kind.handle ? kind.handle.own : kind.handle.borrow];
  if ('tuple' in kind) return kind.tuple.types;
  if ('list' in kind) return [kind.list];
  if ('option' in kind) return [kind.option];
  if ('fixed-length-list' in kind) return [kind['fixed-length-list'][0]];
  if ('map' in kind) return kind.map;
  if ('future' in kind) return [kind.future];
  if ('stream' in kind) return [kind.stream];
  return 'result' in kind ? [kind.result.ok, kind.result.err] : [];
};
