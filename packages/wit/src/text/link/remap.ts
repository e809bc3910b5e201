// Where the things of one package went among all packages; null for what its gate excludes.
import type { Type, TypeId } from '../../resolved.ts';
import { fail } from '../errors.ts';
import type { Span } from '../source.ts';
import { type Arena, addUnnamed } from './arena.ts';
import type { KindMap } from './kinds.ts';

export type Remap = {
  readonly types: (TypeId | null)[];
  readonly interfaces: (number | null)[];
  readonly worlds: (number | null)[];
  /** The one unnamed `own<r>` for each resource or name of one. */
  readonly owned: Map<TypeId, TypeId>;
};

export const createRemap = (): Remap => ({ types: [], interfaces: [], worlds: [], owned: new Map() });

/** The new id; throws where a gate excludes what is wanted. */
export const mapId = (
  remap: Remap,
  what: 'type' | 'interface' | 'world',
  id: number,
  span: Span | undefined,
  because = '',
): number => {
  const ids = what === 'type' ? remap.types : what === 'interface' ? remap.interfaces : remap.worlds;
  const excluded = 'which is excluded due to its feature not being activated';
  return ids[id] ?? fail(span, `found a reference to a ${what} ${excluded}${because}`);
};

/** How the types of something at a place are rewritten; a resource as a value becomes `own<r>`. */
export const kindMap = (arena: Arena, remap: Remap, span: Span | undefined): KindMap => {
  const mapTypeId = (id: TypeId): TypeId => mapId(remap, 'type', id, span);
  const mapType = (type: Type): Type => {
    if (typeof type === 'string') return type;
    const id = mapTypeId(type);
    if (arena.resources[id] !== true) return id;
    const owned = remap.owned.get(id) ?? addUnnamed(arena, { handle: { own: id } });
    remap.owned.set(id, owned);
    return owned;
  };
  return { id: mapTypeId, type: mapType };
};
