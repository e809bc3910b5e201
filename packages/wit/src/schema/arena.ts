// A growing arena of types, where those that WIT wants named get a name that nothing else has.
import type { ResolvedWit, Type, TypeDefinition, TypeId, TypeKind } from '../resolved.ts';

/** An arena that is being filled. */
export type Arena = {
  /** Adds a type without a name. */
  add(kind: TypeKind): TypeId;
  /** Adds a type under this name, or this name with a number where it is taken. */
  define(name: string, kind: TypeKind, docs?: string): TypeId;
  /** Takes a name now for a type that is defined when its parts are. */
  reserve(name: string): string;
  kindOf(type: Type): TypeKind | undefined;
  nameOf(type: Type): string | null;
  finish(): ResolvedWit;
};

/** An arena whose named types all stand in one interface of a package of its own. */
export function createArena(): Arena {
  const types: TypeDefinition[] = [];
  const names: { [name: string]: TypeId } = {};
  const taken = new Set<string>();

  const reserve = (name: string): string => {
    let free = name;
    // WIT names may not end in a number of their own: `point-2` would be two words, the second no word.
    for (let n = 2; taken.has(free.toLowerCase()); n++) free = `${name}-n${n}`;
    taken.add(free.toLowerCase());
    return free;
  };
  return {
    reserve,
    add: (kind) => types.push({ name: null, kind, owner: null }) - 1,
    define(name, kind, docs) {
      const id = types.push({ name, kind, owner: { interface: 0 }, ...(docs && { docs: { contents: docs } }) }) - 1;
      names[name] = id;
      return id;
    },
    kindOf: (type) => (typeof type === 'string' ? undefined : types[type]?.kind),
    nameOf: (type) => (typeof type === 'string' ? null : (types[type]?.name ?? null)),
    finish: () => ({
      worlds: [],
      interfaces: [{ name: 'types', types: names, functions: {}, package: 0 }],
      types,
      packages: [{ name: 'schema:types', interfaces: { types: 0 }, worlds: {} }],
    }),
  };
}
