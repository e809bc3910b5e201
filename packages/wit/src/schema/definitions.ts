// Decides which types of a schema stand in $defs, and under which name, so that schemas stay linear in size.
import type { ResolvedWit, Type, TypeId } from '../resolved.ts';
import { definitionOf, type OwnKind, partsOf, shapeOf } from './types.ts';

/** A type without a name is written out each time it is used when it has at most this many parts. */
const MOST_PARTS_REPEATED = 4;

/**
 * Names for `$defs`: every type with a name of its own, and the large ones without a name that are used twice.
 * Handles and aliases never stand there. Two types of one name become `name` and `name-2`.
 *
 * @param roots the types that the schema is about, already known to be supported
 */
export function nameDefinitions(resolved: ResolvedWit, roots: readonly Type[]): ReadonlyMap<TypeId, string> {
  const names = new Map<TypeId, string>();
  const taken = new Set<string>();
  const sizes = new Map<TypeId, number>();
  const claim = (id: TypeId, kind: OwnKind): void => {
    const stem = definitionOf(resolved, id).name ?? wordFor(kind);
    let name = stem;
    for (let n = 2; taken.has(name); n++) name = `${stem}-${n}`;
    taken.add(name);
    names.set(id, name);
  };

  /** The parts that writing the type out takes here, at each use but the first the whole of it again. */
  const visit = (type: Type): number => {
    const shape = shapeOf(resolved, type);
    if (typeof shape === 'string' || isHandle(shape.kind)) return 1;
    const { id, kind } = shape;
    if (names.has(id)) return 1;
    const known = sizes.get(id);
    if (known !== undefined) {
      if (known <= MOST_PARTS_REPEATED) return known;
      claim(id, kind);
      return 1;
    }
    if (definitionOf(resolved, id).name !== null) claim(id, kind);
    let size = 1;
    for (const part of partsOf(kind)) size += visit(part.type);
    sizes.set(id, size);
    return names.has(id) ? 1 : size;
  };

  for (const root of roots) visit(root);
  return names;
}

function isHandle(kind: OwnKind): boolean {
  return typeof kind === 'object' && 'handle' in kind;
}

function wordFor(kind: OwnKind): string {
  return typeof kind === 'string' ? kind : (Object.keys(kind)[0] ?? 'type');
}
