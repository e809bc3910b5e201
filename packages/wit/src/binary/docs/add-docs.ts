// Puts documentation and stability where they belong in a resolved package. What speaks of things that are not there is
// passed over: a package may be read in part.

import type { Stability, TypeId, TypeKind } from '../../resolved.ts';
import type { Builder } from '../resolve/builder.ts';
import type { Documented, DraftInterface, DraftItem, DraftPackage, DraftWorld } from '../resolve/drafts.ts';
import {
  type InterfaceDocs,
  type ItemDocs,
  type PackageDocs,
  readPackageDocs,
  type TypeDocs,
  type WorldDocs,
} from './read-docs.ts';

/** Adds what a component's custom sections say, about the package that they name or else about its own. */
export const addDocs = (builder: Builder, home: DraftPackage, bytes: Uint8Array): void => {
  for (const docs of readPackageDocs(bytes)) addPackageDocs(builder, home, docs);
};

const addPackageDocs = (builder: Builder, home: DraftPackage, docs: PackageDocs): void => {
  const target = builder.packages.get(docs.package ?? home.name);
  if (target === undefined) return;
  addItemDocs(target, docs.docs === undefined ? {} : { docs: docs.docs });
  for (const [name, inner] of docs.interfaces) addInterfaceDocs(builder, target.interfaces.get(name), inner);
  for (const [name, inner] of docs.worlds) addWorldDocs(builder, target.worlds.get(name), inner);
};

const addItemDocs = (item: Documented | undefined, { docs, stability }: ItemDocs): void => {
  if (item === undefined) return;
  if (docs !== undefined) item.docs = { contents: docs };
  if (stability !== undefined) item.stability = stability;
};

const addInterfaceDocs = (builder: Builder, draft: DraftInterface | undefined, docs: InterfaceDocs): void => {
  if (draft === undefined) return;
  addItemDocs(draft, docs);
  for (const [name, inner] of docs.functions) addItemDocs(draft.functions.get(name), inner);
  for (const [name, inner] of docs.types) addTypeDocs(builder, draft.types.get(name), inner);
};

const addTypeDocs = (builder: Builder, id: TypeId | undefined, docs: TypeDocs): void => {
  const type = id === undefined ? undefined : builder.types[id];
  if (type === undefined) return;
  addItemDocs(type, docs);
  if (docs.items.size > 0) type.kind = withItemDocs(type.kind, docs.items);
};

const withItemDocs = (kind: TypeKind, items: ReadonlyMap<string, string>): TypeKind => {
  const documented = <T extends { readonly name: string }>(list: readonly T[]): T[] =>
    list.map((item) => {
      const contents = items.get(item.name);
      return contents === undefined ? item : { ...item, docs: { contents } };
    });
  if (typeof kind !== 'object') return kind;
  if ('record' in kind) return { record: { fields: documented(kind.record.fields) } };
  if ('variant' in kind) return { variant: { cases: documented(kind.variant.cases) } };
  if ('flags' in kind) return { flags: { flags: documented(kind.flags.flags) } };
  if ('enum' in kind) return { enum: { cases: documented(kind.enum.cases) } };
  return kind;
};

const addWorldDocs = (builder: Builder, world: DraftWorld | undefined, docs: WorldDocs): void => {
  if (world === undefined) return;
  addItemDocs(world, docs);
  const { imports, exports } = world;
  for (const [name, inner] of docs.interfaces) addInlineDocs(builder, imports.get(name) ?? exports.get(name), inner);
  for (const [name, inner] of docs.interfaceExports) addInlineDocs(builder, exports.get(name), inner);
  for (const [name, inner] of docs.functions) addFunctionDocs(imports.get(name) ?? exports.get(name), inner);
  for (const [name, inner] of docs.functionExports) addFunctionDocs(exports.get(name), inner);
  for (const [name, inner] of docs.types) {
    const item = imports.get(name);
    if (item !== undefined && 'type' in item) addTypeDocs(builder, item.type, inner);
  }
  addStability(builder, imports, docs.importStability);
  addStability(builder, exports, docs.exportStability);
};

const addInlineDocs = (builder: Builder, item: DraftItem | undefined, docs: InterfaceDocs): void => {
  if (item === undefined || !('interface' in item)) return;
  if (docs.stability !== undefined) item.interface.stability = docs.stability;
  const draft = builder.interfaces[item.interface.id];
  if (draft?.name === null) addInterfaceDocs(builder, draft, docs);
};

const addFunctionDocs = (item: DraftItem | undefined, docs: ItemDocs): void => {
  if (item !== undefined && 'function' in item) addItemDocs(item.function, docs);
};

/** Since when a world imports or exports an interface, by the full name of the interface or its name in the world. */
const addStability = (
  builder: Builder,
  items: ReadonlyMap<string, DraftItem>,
  stability: ReadonlyMap<string, Stability>,
): void => {
  if (stability.size === 0) return;
  for (const [key, item] of items) {
    if (!('interface' in item)) continue;
    const known = stability.get(key) ?? stability.get(builder.interfaces[item.interface.id]?.fullName ?? '');
    if (known !== undefined) item.interface.stability = known;
  }
};
