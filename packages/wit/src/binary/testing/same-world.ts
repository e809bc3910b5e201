// Whether two worlds say the same, however their arenas are ordered and however their types without a name are shared:
// for laws such as "text, binary and back is the text". Leaves out what binaries do not carry: documentation and stability.

import type { InterfaceId, ResolvedWit, Type, TypeId, TypeKind, WitFunction, WorldId } from '../../resolved.ts';

/** A world as names and texts, with nothing in it that depends on order or ids. */
export type WorldText = {
  /** By name: an interface stands as its full name, anything else as text. */
  readonly imports: Texts;
  readonly exports: Texts;
  /** Every interface of the world, by full name or by where it is written. */
  readonly interfaces: { readonly [name: string]: { readonly types: Texts; readonly functions: Texts } };
  /** Types of interfaces that the world only reaches through other types. */
  readonly reached: Texts;
};

type Texts = { readonly [name: string]: string };

/** Whether two worlds, apart from their own names, are the same. */
export const isSameWorld = (
  [left, leftWorld]: readonly [ResolvedWit, WorldId],
  [right, rightWorld]: readonly [ResolvedWit, WorldId],
): boolean => JSON.stringify(textOfWorld(left, leftWorld)) === JSON.stringify(textOfWorld(right, rightWorld));

/** A world as text, to compare or to show the difference. */
export const textOfWorld = (resolved: ResolvedWit, id: WorldId): WorldText => {
  const world = entryAt(resolved.worlds, id);
  const names = new Map<InterfaceId, string>();
  for (const side of ['imports', 'exports'] as const) {
    for (const [key, item] of Object.entries(world[side])) {
      if (!('interface' in item)) continue;
      const found = item.interface.id;
      names.set(found, nameOf(resolved, found) ?? `${side} ${key}`);
    }
  }
  const reached = new Map<string, string>();
  const texts = createTexts(resolved, names, reached);
  const itemsOf = (side: 'imports' | 'exports'): Texts =>
    sorted(
      Object.entries(world[side]).map(([key, item]) => {
        if ('function' in item) return [key, texts.ofFunction(item.function)];
        if ('type' in item) return [key, texts.ofDefinition(item.type)];
        const name = names.get(item.interface.id) ?? '';
        return [key === `interface-${item.interface.id}` ? name : key, name];
      }),
    );
  const imports = itemsOf('imports');
  const exports = itemsOf('exports');
  const interfaces = sorted(
    [...names].map(([found, name]) => {
      const { types, functions } = entryAt(resolved.interfaces, found);
      return [
        name,
        {
          types: sorted(Object.entries(types).map(([key, type]) => [key, texts.ofDefinition(type)])),
          functions: sorted(Object.entries(functions).map(([key, item]) => [key, texts.ofFunction(item)])),
        },
      ];
    }),
  );
  return { imports, exports, interfaces, reached: sorted([...reached]) };
};

const nameOf = (resolved: ResolvedWit, id: InterfaceId): string | undefined => {
  const found = entryAt(resolved.interfaces, id);
  if (found.name === null) return undefined;
  const [path, version] = entryAt(resolved.packages, found.package).name.split('@');
  return `${path}/${found.name}${version === undefined ? '' : `@${version}`}`;
};

type TypeTexts = {
  readonly ofDefinition: (id: TypeId) => string;
  readonly ofFunction: (item: WitFunction) => string;
};

const createTexts = (
  resolved: ResolvedWit,
  names: ReadonlyMap<InterfaceId, string>,
  reached: Map<string, string>,
): TypeTexts => {
  const ofType = (type: Type | null): string => {
    if (type === null) return '_';
    if (typeof type === 'string') return type;
    const { name, kind, owner } = entryAt(resolved.types, type);
    if (name === null) return ofKind(kind);
    const reference = `${owner === null ? '' : 'world' in owner ? 'world' : ownerName(owner.interface)}#${name}`;
    if (owner !== null && 'interface' in owner && !names.has(owner.interface) && !reached.has(reference)) {
      reached.set(reference, '');
      reached.set(reference, ofKind(kind));
    }
    return reference;
  };
  const ownerName = (id: InterfaceId): string => names.get(id) ?? nameOf(resolved, id) ?? 'elsewhere';
  const ofKind = (kind: TypeKind): string => {
    if (kind === 'resource') return 'resource';
    if ('record' in kind) return `record(${kind.record.fields.map((f) => `${f.name}: ${ofType(f.type)}`).join()})`;
    if ('variant' in kind) return `variant(${kind.variant.cases.map((c) => `${c.name}: ${ofType(c.type)}`).join()})`;
    if ('flags' in kind) return `flags(${kind.flags.flags.map((flag) => flag.name).join()})`;
    if ('enum' in kind) return `enum(${kind.enum.cases.map((item) => item.name).join()})`;
    if ('tuple' in kind) return `tuple(${kind.tuple.types.map(ofType).join()})`;
    if ('option' in kind) return `option(${ofType(kind.option)})`;
    if ('result' in kind) return `result(${ofType(kind.result.ok)},${ofType(kind.result.err)})`;
    if ('list' in kind) return `list(${ofType(kind.list)})`;
    if ('map' in kind) return `map(${kind.map.map(ofType).join()})`;
    if ('fixed-length-list' in kind)
      return `list(${ofType(kind['fixed-length-list'][0])};${kind['fixed-length-list'][1]})`;
    if ('future' in kind) return `future(${ofType(kind.future)})`;
    if ('stream' in kind) return `stream(${ofType(kind.stream)})`;
    if ('handle' in kind) {
      return 'own' in kind.handle ? `own(${ofType(kind.handle.own)})` : `borrow(${ofType(kind.handle.borrow)})`;
    }
    return ofType(kind.type);
  };
  const ofFunction = ({ name, kind, params, result }: WitFunction): string => {
    const belongs =
      typeof kind === 'string'
        ? kind
        : Object.entries(kind)
            .map(([word, type]) => `${word} ${ofType(type)}`)
            .join();
    const list = params.map((param) => `${param.name}: ${ofType(param.type)}`).join();
    return `${name}: ${belongs}(${list}) -> ${ofType(result ?? null)}`;
  };
  return { ofDefinition: (id) => ofKind(entryAt(resolved.types, id).kind), ofFunction };
};

const sorted = <T>(entries: readonly (readonly [string, T])[]): { readonly [name: string]: T } =>
  Object.fromEntries([...entries].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)));

const entryAt = <T>(list: readonly T[], index: number): T => {
  const entry = list[index];
  if (entry === undefined) throw new RangeError(`Expected an entry ${index}, found ${list.length}`);
  return entry;
};
