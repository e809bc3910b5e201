// Carries out `include`: the items of one world become items of another.
import type { PackageId, Stability } from '../../resolved.ts';
import type { DraftInclude, DraftItem, DraftItems, Renaming, WorldKey } from '../draft.ts';
import { fail } from '../errors.ts';
import type { Span } from '../source.ts';
import type { Arena } from './arena.ts';
import { type Cloner, cloneItem } from './clone.ts';
import { isIncluded } from './gates.ts';
import { mapId, type Remap } from './remap.ts';
import { describeStability, isSameStability } from './stability.ts';

/** Includes all that the world of an id asks for, in order. */
export const includeWorlds = (
  arena: Arena,
  remap: Remap,
  id: number,
  includes: readonly DraftInclude[],
  packageId: PackageId,
): void => {
  for (const include of includes) {
    if (!isIncluded(arena, include.stability, packageId, include.span)) continue;
    includeWorld(arena, mapId(remap, 'world', include.world, include.span), id, include, packageId);
  }
  refuseSimilarNames(arena, id);
};

const includeWorld = (
  arena: Arena,
  from: number,
  into: number,
  { names, span }: DraftInclude,
  packageId: PackageId,
): void => {
  const [source, target] = [arena.worlds[from]!, arena.worlds[into]!];
  const renamings = new Map<string, Renaming>();
  for (const renaming of names) if (!renamings.has(renaming.name)) renamings.set(renaming.name, renaming);
  refuseIdleRenamings(source.imports, source.exports, names, span);
  const cloner: Cloner = { arena, packageId, from: { world: from }, to: { world: into }, copies: new Map() };
  const isExternal = source.package !== target.package;
  for (const direction of ['import', 'export'] as const) {
    const [items, added] = direction === 'import' ? [target.imports, source.imports] : [target.exports, source.exports];
    for (const [key, item] of added) {
      const copy = cloneItem(cloner, key, item);
      if (typeof key === 'number') mergeInterface(items, key, copy, isExternal, span);
      else addNamed(arena, items, renamed(key, renamings), copy, direction, span);
    }
  }
};

const addNamed = (
  arena: Arena,
  items: DraftItems,
  name: string,
  item: DraftItem,
  direction: 'import' | 'export',
  span: Span,
): void => {
  if (items.has(name)) fail(span, `${direction} of \`${name}\` shadows previously ${direction}ed items`);
  if (item.kind === 'type') arena.types[item.id] = { ...arena.types[item.id]!, name };
  items.set(name, item.kind === 'function' ? { ...item, function: { ...item.function, name } } : item);
};

// An interface from several worlds is there once; they have to agree on how stable it is.
const mergeInterface = (items: DraftItems, key: WorldKey, item: DraftItem, isExternal: boolean, span: Span): void => {
  const known = items.get(key) ?? item;
  if (item.kind !== 'interface' || known.kind !== 'interface') return;
  const stability = mergeStability(item.annotations.stability, known.annotations.stability, isExternal, span);
  items.set(key, { ...known, annotations: { ...known.annotations, stability } });
};

const mergeStability = (
  from: Stability | undefined,
  into: Stability | undefined,
  isExternal: boolean,
  span: Span,
): Stability | undefined => {
  // A version of another package means nothing in this one.
  if (isExternal && from !== undefined && 'stable' in from) return undefined;
  if (from === undefined || isSameStability(from, into)) return into;
  if (into === undefined) return from;
  return fail(span, `mismatch in stability from '${describeStability(from)}' to '${describeStability(into)}'`);
};

// `[method]r.f` goes by the name of `r`.
const resourceOf = (key: string): string | undefined => {
  const close = key.indexOf(']');
  if (close === -1) return undefined;
  const dot = key.indexOf('.', close);
  return key.slice(close + 1, dot === -1 ? undefined : dot);
};

const renamed = (key: string, renamings: ReadonlyMap<string, Renaming>): string => {
  const direct = renamings.get(key);
  if (direct !== undefined) return direct.as;
  const resource = resourceOf(key);
  const indirect = resource === undefined ? undefined : renamings.get(resource);
  if (resource === undefined || indirect === undefined) return key;
  const start = key.indexOf(']') + 1;
  return key.slice(0, start) + indirect.as + key.slice(start + resource.length);
};

const refuseIdleRenamings = (
  imports: DraftItems,
  exports: DraftItems,
  names: readonly Renaming[],
  span: Span,
): void => {
  if (names.length === 0) return;
  const known = new Set<string | undefined>();
  for (const key of [...imports.keys(), ...exports.keys()]) {
    if (typeof key === 'string') known.add(key).add(resourceOf(key));
  }
  const idle = names.find(({ name }) => !known.has(name));
  if (idle === undefined) return;
  fail(span, `no import or export kebab-name \`${idle.name}\`. Note that an ID does not support renaming`);
};

// Kebab-case names that differ in case alone are the same name.
const refuseSimilarNames = (arena: Arena, id: number): void => {
  const { name: world, imports, exports, span } = arena.worlds[id]!;
  for (const [direction, items] of [
    ['import', imports],
    ['export', exports],
  ] as const) {
    const seen = new Map<string, string>();
    for (const key of items.keys()) {
      if (typeof key === 'number') continue;
      const known = seen.get(key.toLowerCase());
      if (known !== undefined) {
        const why = '(kebab-case identifiers are case-insensitive)';
        fail(span, `${direction} \`${key}\` in world \`${world}\` conflicts with ${direction} \`${known}\` ${why}`);
      }
      seen.set(key.toLowerCase(), key);
    }
  }
};
