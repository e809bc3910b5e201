// Copies what belongs to one world into another that includes it; what belongs elsewhere is shared.
import type { PackageId, Type, TypeId, TypeOwner } from '../../resolved.ts';
import type { DraftItem, WorldKey } from '../draft.ts';
import { type Arena, addLinkedType, takeRoom } from './arena.ts';
import { type KindMap, mapFunction, mapKind } from './kinds.ts';

/** One act of copying: each type is copied once. */
export type Cloner = {
  readonly arena: Arena;
  readonly from: TypeOwner;
  readonly to: TypeOwner;
  readonly packageId: PackageId;
  readonly copies: Map<TypeId, TypeId>;
};

/** A copy of what has a name of its own in a world. */
export const cloneItem = (cloner: Cloner, key: WorldKey, item: DraftItem): DraftItem => {
  takeRoom(cloner.arena, 1);
  if (typeof key === 'number') return item;
  switch (item.kind) {
    case 'type':
      return { ...item, id: cloneType(cloner, item.id) };
    case 'function':
      return { ...item, function: mapFunction(item.function, mapOf(cloner)) };
    case 'interface':
      // An interface that only has another name here is the same one.
      return cloner.arena.interfaces[item.id]!.name === null ? { ...item, id: cloneInterface(cloner, item.id) } : item;
  }
};

const mapOf = (cloner: Cloner): KindMap => {
  const id = (type: TypeId): TypeId => cloneType(cloner, type);
  return { id, type: (type: Type) => (typeof type === 'number' ? id(type) : type) };
};

const cloneType = (cloner: Cloner, id: TypeId): TypeId => {
  const { arena, copies, from, to } = cloner;
  const known = copies.get(id);
  if (known !== undefined) return known;
  const type = arena.types[id]!;
  if (type.owner !== null && !isSameOwner(type.owner, from)) return id;
  takeRoom(arena, 1);
  const kind = mapKind(type.kind, mapOf(cloner));
  const copy = addLinkedType(arena, { ...type, kind, owner: type.owner === null ? null : to });
  copies.set(id, copy);
  return copy;
};

const isSameOwner = (a: TypeOwner, b: TypeOwner): boolean => {
  if (a === null || b === null) return a === b;
  return 'world' in a ? 'world' in b && a.world === b.world : 'interface' in b && a.interface === b.interface;
};

const cloneInterface = ({ arena, packageId }: Cloner, id: number): number => {
  const source = arena.interfaces[id]!;
  const next = arena.interfaces.length;
  const inner: Cloner = { arena, packageId, from: { interface: id }, to: { interface: next }, copies: new Map() };
  const types = new Map(Array.from(source.types, ([name, type]) => [name, cloneType(inner, type)]));
  takeRoom(arena, source.functions.size);
  const functions = new Map(Array.from(source.functions, ([name, found]) => [name, mapFunction(found, mapOf(inner))]));
  return arena.interfaces.push({ ...source, types, functions, package: packageId }) - 1;
};
