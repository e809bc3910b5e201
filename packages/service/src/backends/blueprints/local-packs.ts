// The components that are files beside a blueprint, as packs of a host that runs: found by guid, listed nowhere.
import type { PackStore, StoredPack } from '@pypes/contract';

/** Packs of one process beside those of its store. */
export interface LocalPacks {
  /** From now on these are found; one that was there before in other words is replaced, calls on it end on it. */
  offer(packs: ReadonlyMap<string, StoredPack>): void;
  over(base: PackStore): PackStore;
}

/** No digest of a token: nobody calls a component past its blueprint. */
const NO_TOKEN = 'none';

export function createLocalPacks(): LocalPacks {
  const packs = new Map<string, StoredPack>();
  const replaced = new Set<string>();

  return {
    offer(more) {
      for (const [guid, pack] of more) {
        if (packs.get(guid)?.revision === pack.revision) continue;
        packs.set(guid, { ...pack, manifest: { ...pack.manifest, token_sha256: NO_TOKEN } });
        replaced.add(guid);
      }
    },
    over: (base) => ({
      ...base,
      async get(guid) {
        const pack = packs.get(guid);
        if (pack === undefined) return base.get(guid);
        replaced.delete(guid);
        return pack;
      },
      changed: (guid) => replaced.has(guid) || (!packs.has(guid) && base.changed?.(guid) === true),
    }),
  };
}
