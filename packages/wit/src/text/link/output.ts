// The joined packages in the published shape.
import type {
  Docs,
  Interface,
  Package,
  ResolvedWit,
  Stability,
  TypeDefinition,
  WitFunction,
  World,
  WorldItem,
} from '../../resolved.ts';
import type { Annotations, DraftFunction, DraftItem, DraftItems } from '../draft.ts';
import { fail } from '../errors.ts';
import { printPackageName } from '../package-names.ts';
import type { Arena, LinkedInterface, LinkedPackage, LinkedType, LinkedWorld } from './arena.ts';

export const toResolvedWit = ({ worlds, interfaces, types, packages }: Arena): ResolvedWit => ({
  worlds: worlds.map(toWorld),
  interfaces: interfaces.map(toInterface),
  types: types.map(toType),
  packages: packages.map(toPackage),
});

const toWorld = ({ name, imports, exports, package: owner, annotations }: LinkedWorld): World => ({
  name,
  imports: toItems(imports),
  exports: toItems(exports),
  package: owner,
  ...toPublished(annotations),
});

const toItems = (items: DraftItems): World['imports'] => {
  const entries = new Map<string, WorldItem>();
  for (const [key, item] of items) {
    const name = typeof key === 'number' ? `interface-${key}` : key;
    // Only a function or type can have a name that reads like the key of an interface.
    if (entries.has(name)) fail(item.span, `name \`${name}\` cannot be told from an interface`);
    entries.set(name, toItem(item));
  }
  return Object.fromEntries(entries);
};

const toItem = (item: DraftItem): WorldItem => {
  switch (item.kind) {
    case 'interface':
      return { interface: { id: item.id, ...toPublished(item.annotations) } };
    case 'function':
      return { function: toFunction(item.function) };
    case 'type':
      return { type: item.id };
  }
};

const toFunction = ({ name, kind, params, result, ...annotations }: DraftFunction): WitFunction => ({
  name,
  kind,
  params,
  ...(result === undefined ? {} : { result }),
  ...toPublished(annotations),
});

const toInterface = ({ name, types, functions, package: owner, annotations }: LinkedInterface): Interface => ({
  name,
  types: Object.fromEntries(types),
  functions: Object.fromEntries(Array.from(functions, ([key, found]) => [key, toFunction(found)])),
  package: owner,
  ...toPublished(annotations),
});

const toType = ({ name, kind, owner, ...annotations }: LinkedType): TypeDefinition => ({
  name,
  kind,
  owner,
  ...toPublished(annotations),
});

const toPackage = ({ name, docs, interfaces, worlds }: LinkedPackage): Package => ({
  name: printPackageName(name),
  interfaces: Object.fromEntries(interfaces),
  worlds: Object.fromEntries(worlds),
  ...(docs === undefined ? {} : { docs }),
});

// `external_id` has no place in the shared types yet; wasm-tools prints it by this name.
const toPublished = ({ docs, stability, externalId }: Annotations): { docs?: Docs; stability?: Stability } => ({
  ...(docs === undefined ? {} : { docs }),
  ...(stability === undefined ? {} : { stability }),
  ...(externalId === undefined ? {} : { external_id: externalId }),
});
