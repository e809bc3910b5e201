// Packs in a map.
import type { PackStore, StoredPack } from '@pypes/contract';

/** A pack store without a disk; `put` replaces the whole pack at once. */
export function createMemoryPackStore(): PackStore {
  const packs = new Map<string, StoredPack>();
  let revision = 0;
  return {
    async put(guid, { manifest, files }) {
      revision += 1;
      const copies = files.map((file) => ({ filename: file.filename, bytes: file.bytes.slice() }));
      packs.set(guid, { manifest: structuredClone(manifest), files: copies, revision: String(revision) });
    },
    async get(guid) {
      return packs.get(guid);
    },
    async list() {
      return [...packs.keys()].sort().map((guid) => (packs.get(guid) as StoredPack).manifest);
    },
    async remove(guid) {
      return packs.delete(guid);
    },
  };
}
