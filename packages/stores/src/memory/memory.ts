// Memory documents in a map.
import { type JsonObject, type MemoryScope, type MemoryStore, tenantPart } from '@pypes/contract';

/** A memory store without a disk. */
export function createMemoryMemoryStore(): MemoryStore {
  const documents = new Map<string, string>();
  const read = (key: string): JsonObject => JSON.parse(documents.get(key) ?? '{}') as JsonObject;
  const keyOf = ({ packGuid, userGuid, tenant }: MemoryScope) =>
    `${packGuid}/${JSON.stringify([partOf(tenant), userGuid ?? null])}`;
  return {
    async read(scope) {
      return read(keyOf(scope));
    },
    async update(scope, change) {
      const current = read(keyOf(scope));
      const next = change(current);
      if (next !== current) documents.set(keyOf(scope), JSON.stringify(next));
      return next;
    },
    async removePack(packGuid) {
      for (const key of documents.keys()) if (key.startsWith(`${packGuid}/`)) documents.delete(key);
    },
  };
}

/** Checked like on a disk, so that what works here works there. */
function partOf(tenant: string | undefined): string {
  return tenant === undefined ? '' : tenantPart(tenant);
}
