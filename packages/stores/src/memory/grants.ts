// Grants in a map.
import type { Grant, GrantStore } from '@pypes/contract';

/** A grant store without a disk. */
export function createMemoryGrantStore(): GrantStore {
  const grants = new Map<string, Grant>();
  return {
    async get(packGuid) {
      return grants.get(packGuid);
    },
    async put(grant) {
      grants.set(grant.pack_guid, structuredClone(grant));
    },
    async remove(packGuid) {
      return grants.delete(packGuid);
    },
  };
}
