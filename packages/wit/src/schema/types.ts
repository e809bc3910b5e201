// Looks at resolved types: what is behind an alias, what a type is made of, how deep its options nest.
import type { Primitive, ResolvedWit, Type, TypeDefinition, TypeId, TypeKind } from '../resolved.ts';
import { WitUnsupportedError } from './errors.ts';

/** A kind that is no alias. */
export type OwnKind = Exclude<TypeKind, { readonly type: Type }>;

/** What a type is behind all its aliases: a primitive, or a definition with its index. */
export type Shape = Primitive | { readonly id: TypeId; readonly kind: OwnKind };

/**
 * The definition of an index.
 *
 * @throws WitUnsupportedError `index`
 */
export function definitionOf(resolved: ResolvedWit, id: TypeId): TypeDefinition {
  const definition = resolved.types[id];
  if (definition === undefined) throw new WitUnsupportedError('index', '', `The type ${id} is not defined`);
  return definition;
}

/**
 * What a type is behind its aliases.
 *
 * @throws WitUnsupportedError `index`, or `depth` where aliases go in a circle
 */
export function shapeOf(resolved: ResolvedWit, type: Type): Shape {
  let at = type;
  for (let steps = 0; steps <= resolved.types.length; steps++) {
    if (typeof at === 'string') return at;
    const { kind } = definitionOf(resolved, at);
    if (typeof kind === 'string' || !('type' in kind)) return { id: at, kind };
    at = kind.type;
  }
  throw new WitUnsupportedError('depth', '', `The alias ${type} names itself`);
}

/** What an option holds, or undefined for a type that is no option. */
export function payloadOfOption(resolved: ResolvedWit, type: Type): Type | undefined {
  const shape = shapeOf(resolved, type);
  return typeof shape === 'object' && typeof shape.kind === 'object' && 'option' in shape.kind
    ? shape.kind.option
    : undefined;
}

/** How many options stand directly in one another: 0 for none, 2 for `option<option<u8>>`. */
export function optionDepth(resolved: ResolvedWit, type: Type): number {
  let depth = 0;
  for (let at = payloadOfOption(resolved, type); at !== undefined; at = payloadOfOption(resolved, at)) depth++;
  return depth;
}

/** A part of a composite type, by the name that a path shows. */
export type Part = { readonly name: string; readonly type: Type };

/** The types that a kind is directly made of; a handle is made of nothing. */
export function partsOf(kind: OwnKind): readonly Part[] {
  if (kind === 'resource' || 'handle' in kind || 'enum' in kind || 'flags' in kind) return [];
  if ('record' in kind) return kind.record.fields;
  if ('tuple' in kind) return kind.tuple.types.map((type, index) => ({ name: String(index), type }));
  if ('variant' in kind) return kind.variant.cases.flatMap(({ name, type }) => part(name, type));
  if ('result' in kind) return [...part('ok', kind.result.ok), ...part('err', kind.result.err)];
  if ('option' in kind) return part('some', kind.option);
  if ('list' in kind) return part('item', kind.list);
  if ('fixed-length-list' in kind) return part('item', kind['fixed-length-list'][0]);
  if ('map' in kind) return [...part('key', kind.map[0]), ...part('value', kind.map[1])];
  return 'stream' in kind ? part('item', kind.stream) : part('item', kind.future);
}

function part(name: string, type: Type | null): readonly Part[] {
  return type === null ? [] : [{ name, type }];
}
