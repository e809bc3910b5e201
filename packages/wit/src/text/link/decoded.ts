// Adds packages that come resolved, from a binary, to those joined already.
import type {
  Docs,
  FunctionKind,
  ResolvedWit,
  Stability,
  Type,
  TypeId,
  WitFunction,
  WorldItem,
} from '../../resolved.ts';
import type { Annotations, DraftFunction, DraftItem, DraftItems, PackageName } from '../draft.ts';
import { WitError } from '../errors.ts';
import { readVersion } from '../semver.ts';
import { type Arena, addLinkedType, addPackage, setOwner } from './arena.ts';
import { type KindMap, mapFunction, mapKind } from './kinds.ts';

/** Packages that are there already are left as they are; what is in them goes by its name. */
export const addDecoded = (arena: Arena, decoded: ResolvedWit): void => {
  const packages = decoded.packages.map(({ name }) => arena.packageIds.get(name));
  const isKnown = (owner: number): boolean => packages[owner] !== undefined;
  const types: TypeId[] = [];
  const map: KindMap = {
    id: (id) => types[id] ?? failOn(`type ${id} is used before its definition`),
    type: (type: Type) => (typeof type === 'string' ? type : map.id(type)),
  };

  const knownTypes = new Map<TypeId, TypeId>();
  const interfaces = decoded.interfaces.map((source) => {
    if (!isKnown(source.package) || source.name === null) return undefined;
    const id = arena.packages[packages[source.package]!]!.interfaces.get(source.name);
    if (id === undefined) return undefined;
    for (const [name, type] of Object.entries(source.types)) {
      knownTypes.set(type, arena.interfaces[id]!.types.get(name) ?? failOn(`expected type \`${name}\` to be present`));
    }
    return id;
  });
  const moved: [TypeId, number][] = [];
  for (const [index, { name, kind, owner, ...rest }] of decoded.types.entries()) {
    const known = knownTypes.get(index);
    const id =
      known ?? addLinkedType(arena, { ...toAnnotations(rest), name, kind: mapKind(kind, map), owner, span: undefined });
    if (known === undefined) moved.push([id, index]);
    types.push(id);
  }

  const packageIds = decoded.packages.map(
    ({ name, docs }, index) => packages[index] ?? addPackage(arena, toName(name), docs),
  );
  const interfaceIds = decoded.interfaces.map((source, index) => {
    const known = interfaces[index];
    if (known !== undefined) return known;
    const owner = packageIds[source.package] ?? failOn('an interface has no package');
    const functions = Object.entries(source.functions).map(([name, found]): [string, DraftFunction] => [
      name,
      toFunction(found, map),
    ]);
    const own = Object.entries(source.types).map(([name, type]): [string, TypeId] => [name, map.id(type)]);
    const { name } = source;
    const annotations = toAnnotations(source);
    const target = {
      name,
      types: new Map(own),
      functions: new Map(functions),
      annotations,
      span: undefined,
      package: owner,
    };
    const id = arena.interfaces.push(target) - 1;
    if (name !== null) arena.packages[owner]!.interfaces.set(name, id);
    return id;
  });
  const worldIds = decoded.worlds.map((source) => {
    const owner = packageIds[source.package] ?? failOn('a world has no package');
    const { name } = source;
    const known = arena.packages[owner]!.worlds.get(name);
    if (known !== undefined) return known;
    const [imports, exports] = [toItems(source.imports, interfaceIds, map), toItems(source.exports, interfaceIds, map)];
    const annotations = toAnnotations(source);
    const id = arena.worlds.push({ name, imports, exports, package: owner, annotations, span: undefined }) - 1;
    arena.packages[owner]!.worlds.set(name, id);
    return id;
  });
  for (const [id, index] of moved) {
    const { owner } = decoded.types[index]!;
    if (owner === null) continue;
    if ('interface' in owner)
      setOwner(arena, id, { interface: interfaceIds[owner.interface] ?? failOn('a type has no owner') });
    else setOwner(arena, id, { world: worldIds[owner.world] ?? failOn('a type has no owner') });
  }
};

const failOn = (message: string): never => {
  throw new WitError(message);
};

const toName = (text: string): PackageName => {
  const [, namespace, name, suffix] =
    /^([^:@]*):([^:@]*)(?:@(.*))?$/.exec(text) ?? failOn(`package name \`${text}\` is not valid`);
  const version = suffix === undefined ? undefined : readVersion(suffix);
  if (namespace === undefined || name === undefined || typeof version === 'string') {
    return failOn(`package name \`${text}\` is not valid`);
  }
  return { namespace, name, version };
};

const toAnnotations = ({ docs, stability }: { readonly docs?: Docs; readonly stability?: Stability }): Annotations => ({
  docs,
  stability,
  externalId: undefined,
});

const toFunction = ({ name, kind, params, result, ...rest }: WitFunction, map: KindMap): DraftFunction => {
  const draft = { ...toAnnotations(rest), name, kind: kind satisfies FunctionKind, params, result, span: undefined };
  return mapFunction(draft, map);
};

const toItems = (
  items: { readonly [key: string]: WorldItem },
  interfaceIds: readonly number[],
  map: KindMap,
): DraftItems => {
  const result: DraftItems = new Map();
  for (const [key, source] of Object.entries(items)) {
    const item = toItem(source, interfaceIds, map);
    const isKeyed = item.kind === 'interface' && /^interface-[0-9]+$/.test(key);
    result.set(isKeyed ? item.id : key, item);
  }
  return result;
};

const toItem = (item: WorldItem, interfaceIds: readonly number[], map: KindMap): DraftItem => {
  if ('type' in item) return { kind: 'type', id: map.id(item.type), span: undefined };
  if ('function' in item) return { kind: 'function', function: toFunction(item.function, map), span: undefined };
  const { id, ...rest } = item.interface;
  const mapped = interfaceIds[id] ?? failOn('a world names an interface that is not there');
  return { kind: 'interface', id: mapped, annotations: toAnnotations(rest), span: undefined };
};
