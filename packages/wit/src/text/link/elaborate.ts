// Completes worlds: interfaces that others depend on are imported too, and exports have to fit together.
import { type DraftItem, type DraftItems, noAnnotations, type WorldKey } from '../draft.ts';
import { fail } from '../errors.ts';
import { printPackageName } from '../package-names.ts';
import { type Arena, takeRoom } from './arena.ts';

type InterfaceEntry = DraftItem & { readonly kind: 'interface' };

/** Rewrites imports and exports of a world, each after what it depends on. */
export const elaborateWorld = (arena: Arena, id: number): void => {
  const world = arena.worlds[id]!;
  const imports: DraftItems = new Map();
  for (const [key, item] of inOrder(arena, world.imports)) {
    if (item.kind === 'interface') addImport(arena, imports, key, item);
    else if (item.kind === 'type') {
      const dependency = interfaceBehind(arena, item.id);
      if (dependency !== undefined) addImport(arena, imports, dependency, implied(dependency, arena.types[item.id]!));
      imports.set(key, item);
    } else imports.set(key, item);
  }
  const exports: DraftItems = new Map();
  const exported: (readonly [WorldKey, InterfaceEntry])[] = [];
  for (const [key, item] of world.exports) {
    if (item.kind === 'interface') exported.push([key, item]);
    else exports.set(key, item);
  }
  addExports(arena, id, exported, imports, exports);
  world.imports = new Map(inOrder(arena, imports));
  world.exports = exports;
};

// Interfaces, types from them, types of the world, functions, functions of resources.
const inOrder = (arena: Arena, items: DraftItems): readonly (readonly [WorldKey, DraftItem])[] => {
  const rankOf = (item: DraftItem): number => {
    if (item.kind === 'interface') return 0;
    if (item.kind === 'type') return interfaceBehind(arena, item.id) === undefined ? 2 : 1;
    const { kind } = item.function;
    return typeof kind === 'string' ? 3 : 4;
  };
  return [...items].sort(([, a], [, b]) => rankOf(a) - rankOf(b));
};

/** The interface that a type was brought from by `use`. */
const interfaceBehind = (arena: Arena, id: number): number | undefined => {
  const { kind, owner } = arena.types[id]!;
  if (kind === 'resource' || !('type' in kind) || typeof kind.type !== 'number') return undefined;
  const other = arena.types[kind.type]!.owner;
  if (other === null || !('interface' in other)) return undefined;
  return owner !== null && 'interface' in owner && owner.interface === other.interface ? undefined : other.interface;
};

// Many worlds can look at one interface with many types.
const dependenciesOf = (arena: Arena, id: number): readonly number[] => {
  const known = arena.dependencies.get(id);
  if (known !== undefined) return known;
  const found = new Set<number>();
  for (const type of arena.interfaces[id]!.types.values()) {
    const dependency = interfaceBehind(arena, type);
    if (dependency !== undefined) found.add(dependency);
  }
  const dependencies = [...found];
  arena.dependencies.set(id, dependencies);
  return dependencies;
};

// What is there for the sake of another item is as stable as that one.
const implied = (
  id: number,
  { stability }: { stability: InterfaceEntry['annotations']['stability'] },
): InterfaceEntry => ({
  kind: 'interface',
  id,
  annotations: { ...noAnnotations, stability },
  span: undefined,
});

type Frame = {
  readonly key: WorldKey;
  readonly item: InterfaceEntry;
  readonly isExport: boolean;
  readonly left: number[];
};

const frame = (arena: Arena, key: WorldKey, item: InterfaceEntry, isExport: boolean): Frame => ({
  key,
  item,
  isExport,
  left: [...dependenciesOf(arena, item.id)].reverse(),
});

// Not by recursion: interfaces can depend on each other in very long chains.
const addImport = (arena: Arena, imports: DraftItems, key: WorldKey, item: InterfaceEntry): void => {
  if (imports.has(key)) return;
  const stack = [frame(arena, key, item, false)];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const dependency = top.left.pop();
    if (dependency === undefined) {
      takeRoom(arena, 1);
      imports.set(top.key, top.item);
      stack.pop();
    } else if (!imports.has(dependency)) {
      stack.push(frame(arena, dependency, implied(dependency, item.annotations), false));
    }
  }
};

// What an export depends on is exported too or else imported, but never both: its types would be there twice.
const addExports = (
  arena: Arena,
  id: number,
  exported: readonly (readonly [WorldKey, InterfaceEntry])[],
  imports: DraftItems,
  exports: DraftItems,
): void => {
  // Under a name of its own an export is another one than the interface that it is made after.
  const ids = new Set(exported.map(([key]) => key));
  const required = new Set<number>();
  for (const [key, item] of exported) {
    if (exports.has(key)) continue;
    const stack = [frame(arena, key, item, true)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const dependency = top.left.pop();
      if (dependency === undefined) {
        if (top.isExport && required.has(top.item.id)) failOnExport(arena, id, key);
        if (!top.isExport) required.add(top.item.id);
        takeRoom(arena, 1);
        if (top.isExport) exports.set(top.key, top.item);
        else if (!imports.has(top.key)) imports.set(top.key, top.item);
        stack.pop();
        continue;
      }
      const isExport = top.isExport && ids.has(dependency);
      if (exports.has(dependency)) {
        if (!isExport) failOnExport(arena, id, key);
      } else if (isExport || !required.has(dependency)) {
        stack.push(frame(arena, dependency, implied(dependency, item.annotations), isExport));
      }
    }
  }
};

const failOnExport = (arena: Arena, id: number, key: WorldKey): never =>
  fail(
    arena.worlds[id]!.span,
    `interface \`${nameOf(arena, key)}\` transitively depends on an interface in incompatible ways`,
  );

const nameOf = (arena: Arena, key: WorldKey): string => {
  if (typeof key === 'string') return key;
  const { name, package: owner } = arena.interfaces[key]!;
  const [packageName, version] = printPackageName(arena.packages[owner]!.name).split('@');
  return `${packageName}/${name}${version === undefined ? '' : `@${version}`}`;
};
