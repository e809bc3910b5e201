// Connects a package's placeholders with what the packages before it define.
import type { PackageId, Stability } from '../../resolved.ts';
import type { DraftPackage, PackageName } from '../draft.ts';
import { fail } from '../errors.ts';
import { printPackageName } from '../package-names.ts';
import type { Span } from '../source.ts';
import type { Arena } from './arena.ts';
import { isIncluded } from './gates.ts';
import { mapId, type Remap } from './remap.ts';

type Wanted = {
  readonly package: PackageName;
  readonly span: Span;
  readonly name: string;
  readonly stabilities: readonly (Stability | undefined)[];
};

/** Fills the start of `remap`; throws for packages, interfaces, worlds and types that are not there. */
export const connectForeign = (arena: Arena, remap: Remap, draft: DraftPackage, packageId: PackageId): void => {
  for (const kind of ['interface', 'world'] as const) {
    const wanted = wantedOf(draft, kind);
    for (let id = 0; wanted.has(id); id++) {
      const target = kind === 'interface' ? remap.interfaces : remap.worlds;
      target.push(connectItem(arena, kind, wanted.get(id)!, placeOf(draft, kind, id), packageId));
    }
  }
  connectTypes(arena, remap, draft, packageId);
  for (const { type, span } of draft.resources) {
    const id = remap.types[type];
    if (typeof id === 'number' && arena.resources[id] !== true) fail(span, 'type used in a handle must be a resource');
  }
};

const wantedOf = ({ foreign }: DraftPackage, kind: 'interface' | 'world'): Map<number, Wanted> => {
  const wanted = new Map<number, Wanted>();
  for (const { name: packageName, span, items } of foreign.values()) {
    for (const [name, { item, stabilities }] of items) {
      if (item.kind === kind) wanted.set(item.id, { package: packageName, span, name, stabilities });
    }
  }
  return wanted;
};

const placeOf = (draft: DraftPackage, kind: 'interface' | 'world', id: number): Span | undefined =>
  kind === 'interface' ? draft.interfaces[id]?.span : draft.worlds[id]?.span;

const connectItem = (
  arena: Arena,
  kind: 'interface' | 'world',
  wanted: Wanted,
  place: Span | undefined,
  packageId: PackageId,
): number | null => {
  const label = printPackageName(wanted.package);
  const found = arena.packageIds.get(label);
  if (found === undefined) {
    const notes = Array.from(arena.packageIds.keys(), (name) => `    ${name}`);
    return fail(wanted.span, `package '${label}' not found. known packages:`, { notes });
  }
  // One use without a gate, or with an open one, is enough.
  if (!wanted.stabilities.some((stability) => isIncluded(arena, stability, packageId, place))) return null;
  const { interfaces, worlds } = arena.packages[found]!;
  const id = (kind === 'interface' ? interfaces : worlds).get(wanted.name);
  return id ?? fail(place, `${kind} '${wanted.name}' not found in package '${label}'`);
};

const connectTypes = (arena: Arena, remap: Remap, draft: DraftPackage, packageId: PackageId): void => {
  for (const { kind, name, owner, stability, span } of draft.types) {
    if (kind !== 'unknown') return;
    if (!isIncluded(arena, stability, packageId, span) || owner === null || !('interface' in owner) || name === null) {
      remap.types.push(null);
      continue;
    }
    const { types } = arena.interfaces[mapId(remap, 'interface', owner.interface, span)]!;
    remap.types.push(types.get(name) ?? fail(span, `type \`${name}\` not defined in interface`));
  }
};
