// Adds a world to those joined already, without what it includes.
import type { PackageId } from '../../resolved.ts';
import type { DraftItem, DraftItems, DraftWorld } from '../draft.ts';
import type { Arena } from './arena.ts';
import { linkFunction } from './functions.ts';
import { isIncluded } from './gates.ts';
import { mapId, type Remap } from './remap.ts';

/** The id of the new world; null where its gate excludes it. */
export const linkWorld = (arena: Arena, remap: Remap, source: DraftWorld, packageId: PackageId): number | null => {
  const { name, annotations, span } = source;
  if (!isIncluded(arena, annotations.stability, packageId, span)) return null;
  const imports = linkItems(arena, remap, source.imports, packageId);
  const exports = linkItems(arena, remap, source.exports, packageId);
  return arena.worlds.push({ name, annotations, span, imports, exports, package: packageId }) - 1;
};

const linkItems = (arena: Arena, remap: Remap, source: DraftItems, packageId: PackageId): DraftItems => {
  const items: DraftItems = new Map();
  for (const [key, item] of source) {
    const linked = linkItem(arena, remap, item, packageId);
    if (linked === undefined) continue;
    items.set(typeof key === 'number' ? mapId(remap, 'interface', key, item.span) : key, linked);
  }
  return items;
};

const linkItem = (arena: Arena, remap: Remap, item: DraftItem, packageId: PackageId): DraftItem | undefined => {
  const { span } = item;
  switch (item.kind) {
    case 'type': {
      const id = mapId(remap, 'type', item.id, span);
      return isIncluded(arena, arena.types[id]!.stability, packageId, span) ? { ...item, id } : undefined;
    }
    case 'interface':
      if (!isIncluded(arena, item.annotations.stability, packageId, span)) return undefined;
      return { ...item, id: mapId(remap, 'interface', item.id, span) };
    case 'function':
      if (!isIncluded(arena, item.function.stability, packageId, span)) return undefined;
      return { ...item, function: linkFunction(arena, remap, item.function, span) };
  }
};
