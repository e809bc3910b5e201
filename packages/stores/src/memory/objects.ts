// Objects in maps.
import { type MemoryScope, type ObjectInfo, type ObjectStore, tenantPart } from '@pypes/contract';
import { checkObjectCount, checkObjectName, digestOf, toRange } from '../object-rules.ts';

type Scope = { readonly objects: Map<string, ObjectInfo>; readonly blobs: Map<string, Uint8Array> };

/** An object store without a disk. */
export function createMemoryObjectStore(): ObjectStore {
  const packs = new Map<string, Map<string, Scope>>();
  const scopeOf = (of: MemoryScope) => packs.get(of.packGuid)?.get(ownerOf(of));

  function openScope(of: MemoryScope): Scope {
    const owners = packs.get(of.packGuid) ?? new Map<string, Scope>();
    packs.set(of.packGuid, owners);
    const owner = ownerOf(of);
    const scope = owners.get(owner) ?? { objects: new Map(), blobs: new Map() };
    owners.set(owner, scope);
    return scope;
  }

  return {
    async put(of, { name, contentType, bytes, labels }) {
      checkObjectName(name);
      const copy = new Uint8Array(bytes);
      const digest = await digestOf(copy);
      const { objects, blobs } = openScope(of);
      checkObjectCount(objects.has(name) ? objects.size : objects.size + 1);
      const info: ObjectInfo = {
        name,
        content_type: contentType,
        size: copy.length,
        digest,
        ...(labels && { labels }),
      };
      objects.set(name, info);
      if (!blobs.has(digest)) blobs.set(digest, copy);
      dropUnused(blobs, objects);
      return info;
    },
    async get(of, name, range) {
      const scope = scopeOf(of);
      const info = scope?.objects.get(name);
      const blob = info === undefined ? undefined : scope?.blobs.get(info.digest);
      if (info === undefined || blob === undefined) return undefined;
      const { start, end } = toRange(blob.length, range);
      return { info, bytes: blob.slice(start, end) };
    },
    async list(of, prefix = '') {
      const all = [...(scopeOf(of)?.objects.values() ?? [])].filter(({ name }) => name.startsWith(prefix));
      return all.sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async delete(of, name) {
      const scope = scopeOf(of);
      if (scope?.objects.delete(name) !== true) return false;
      dropUnused(scope.blobs, scope.objects);
      return true;
    },
    async removePack(packGuid) {
      packs.delete(packGuid);
    },
  };
}

/** One text for each tenant and user. */
function ownerOf({ tenant, userGuid }: MemoryScope): string {
  return JSON.stringify([tenant === undefined ? null : tenantPart(tenant), userGuid ?? null]);
}

function dropUnused(blobs: Map<string, Uint8Array>, objects: ReadonlyMap<string, ObjectInfo>): void {
  const used = new Set([...objects.values()].map(({ digest }) => digest));
  for (const digest of blobs.keys()) if (!used.has(digest)) blobs.delete(digest);
}
