// Adds one package to those joined already, leaving out what gates exclude.
import type { PackageId } from '../../resolved.ts';
import type { DraftPackage } from '../draft.ts';
import { type Arena, addLinkedType, addPackage, setOwner } from './arena.ts';
import { elaborateWorld } from './elaborate.ts';
import { connectForeign } from './foreign.ts';
import { linkFunction } from './functions.ts';
import { isIncluded } from './gates.ts';
import { includeWorlds } from './include.ts';
import { mapKind } from './kinds.ts';
import { createRemap, kindMap, mapId, type Remap } from './remap.ts';
import { linkWorld } from './worlds.ts';

/** Everything that it needs of others must have been added before. */
export const linkPackage = (arena: Arena, draft: DraftPackage): PackageId => {
  const packageId = addPackage(arena, draft.name, draft.docs);
  const remap = createRemap();
  connectForeign(arena, remap, draft, packageId);
  const foreign = { types: remap.types.length, interfaces: remap.interfaces.length, worlds: remap.worlds.length };

  linkTypes(arena, remap, draft, packageId);
  linkInterfaces(arena, remap, draft, packageId);
  mapOwners(arena, remap, foreign.types, 'interface');
  for (const world of draft.worlds.slice(foreign.worlds)) {
    remap.worlds.push(linkWorld(arena, remap, world, packageId));
  }
  mapOwners(arena, remap, foreign.types, 'world');

  for (const [index, id] of remap.worlds.entries()) {
    if (index < foreign.worlds || id === null) continue;
    includeWorlds(arena, remap, id, draft.worlds[index]!.includes, packageId);
    elaborateWorld(arena, id);
  }
  const { interfaces, worlds } = arena.packages[packageId]!;
  for (const id of remap.interfaces.slice(foreign.interfaces)) {
    const name = id === null ? null : arena.interfaces[id]!.name;
    if (id !== null && name !== null) interfaces.set(name, id);
  }
  for (const id of remap.worlds.slice(foreign.worlds)) if (id !== null) worlds.set(arena.worlds[id]!.name, id);
  return packageId;
};

const linkTypes = (arena: Arena, remap: Remap, draft: DraftPackage, packageId: PackageId): void => {
  for (const type of draft.types.slice(remap.types.length)) {
    const { kind, span } = type;
    if (kind === 'unknown' || !isIncluded(arena, type.stability, packageId, span)) remap.types.push(null);
    else remap.types.push(addLinkedType(arena, { ...type, kind: mapKind(kind, kindMap(arena, remap, span)) }));
  }
};

const linkInterfaces = (arena: Arena, remap: Remap, draft: DraftPackage, packageId: PackageId): void => {
  for (const source of draft.interfaces.slice(remap.interfaces.length)) {
    if (!isIncluded(arena, source.annotations.stability, packageId, source.span)) {
      remap.interfaces.push(null);
      continue;
    }
    const target = { ...source, types: new Map<string, number>(), functions: new Map(), package: packageId };
    for (const [name, type] of source.types) {
      const id = remap.types[type];
      if (typeof id === 'number') target.types.set(name, id);
    }
    for (const [name, inner] of source.functions) {
      if (!isIncluded(arena, inner.stability, packageId, inner.span)) continue;
      target.functions.set(name, linkFunction(arena, remap, inner, inner.span));
    }
    remap.interfaces.push(arena.interfaces.push(target) - 1);
  }
};

// Owners can be mapped only when what owns has its place: a type that is there needs an owner that is there.
const mapOwners = (arena: Arena, remap: Remap, from: number, what: 'interface' | 'world'): void => {
  const because = `; this type is not gated by a feature but its ${what} is`;
  for (const id of remap.types.slice(from)) {
    if (id === null) continue;
    const { owner, span } = arena.types[id]!;
    if (owner === null) continue;
    if (what === 'interface' && 'interface' in owner) {
      setOwner(arena, id, { interface: mapId(remap, what, owner.interface, span, because) });
    } else if (what === 'world' && 'world' in owner) {
      setOwner(arena, id, { world: mapId(remap, what, owner.world, span, because) });
    }
  }
};
