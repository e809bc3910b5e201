// One side of a comparison: a world, and the names by which its items and resources are known outside of it.
import type { InterfaceId, ResolvedWit, TypeId, WitFunction, World, WorldId, WorldItem } from '../resolved.ts';
import { definitionOf, shapeOf } from '../schema/types.ts';
import { interfaceName } from '../values/interface-name.ts';
import { splitVersion, trackOf } from './version.ts';

/** A world of a resolved WIT. */
export type WorldOf = { readonly resolved: ResolvedWit; readonly world: WorldId };

/** What a world imports or exports. */
export type Item = { readonly name: string } & (
  | { readonly interface: InterfaceId }
  | { readonly function: WitFunction }
  | { readonly type: TypeId }
);

/** A world with names. */
export type Side = {
  readonly resolved: ResolvedWit;
  readonly imports: readonly Item[];
  readonly exports: readonly Item[];
  /** The name of a resource that is the same for every release that can stand for this one. */
  resourceName(id: TypeId): string;
};

/**
 * Names the items of a world.
 *
 * @throws Error for a world that is not there
 */
export function sideOf({ resolved, world }: WorldOf): Side {
  const found = resolved.worlds[world];
  if (found === undefined) throw new Error(`The world ${world} is not defined`);
  const unnamed = new Map<InterfaceId, string>();
  const items = (record: World['imports']): readonly Item[] =>
    Object.entries(record).map(([key, item]) => {
      const named = toItem(resolved, key, item);
      if ('interface' in named && resolved.interfaces[named.interface]?.name == null) {
        unnamed.set(named.interface, key);
      }
      return named;
    });
  return {
    resolved,
    imports: items(found.imports),
    exports: items(found.exports),
    resourceName(id) {
      const shape = shapeOf(resolved, id);
      const { name, owner } = definitionOf(resolved, typeof shape === 'string' ? id : shape.id);
      const home = interfaceName(resolved, owner);
      if (home === null) {
        const place = owner !== null && 'interface' in owner ? unnamed.get(owner.interface) : undefined;
        return `${place ?? ''}.${name}`;
      }
      const { base, version } = splitVersion(home);
      return `${base}@${trackOf(version)}.${name}`;
    },
  };
}

function toItem(resolved: ResolvedWit, key: string, item: WorldItem): Item {
  if ('function' in item) return { name: key, function: item.function };
  if ('type' in item) return { name: key, type: item.type };
  const { id } = item.interface;
  return { name: interfaceName(resolved, { interface: id }) ?? key, interface: id };
}

/** Tells whether an interface has only types: nobody has anything to supply for it. */
export function isTypesOnly(resolved: ResolvedWit, id: InterfaceId): boolean {
  const found = resolved.interfaces[id];
  if (found === undefined || Object.keys(found.functions).length > 0) return false;
  return Object.values(found.types).every((type) => resolved.types[type]?.kind !== 'resource');
}
