// A host whose packs others may change: it looks before it calls, and always before it deploys or removes.
import { isJsonObject, toGuid } from '@pypes/contract';
import type { Host } from '@pypes/host';

/** What looks whether others have changed a pack (stores, SharedPackStore). */
export type FreshPacks = { refresh(guid: string, mostAgeMs?: number): Promise<void> };

/**
 * The same host; what it knows of a pack is never older than the store allows when a call of it begins. Packs that
 * agents call are looked at in the background: the call after that finds the newest one.
 */
export function withFreshPacks(host: Host, packs: FreshPacks): Host {
  const refresh = async (id: unknown, mostAgeMs?: number) => {
    const guid = toGuid(id);
    if (guid !== undefined) await packs.refresh(guid, mostAgeMs);
  };
  return Object.assign(Object.create(host) as Host, {
    async get(id: string) {
      await refresh(id);
      return host.get(id);
    },
    async deploy(...[bundle, options]: Parameters<Host['deploy']>) {
      if (isJsonObject(bundle)) await refresh(bundle.pack_guid, 0);
      return host.deploy(bundle, options);
    },
    async bundle(...[id, authorize]: Parameters<Host['bundle']>) {
      await refresh(id, 0);
      return host.bundle(id, authorize);
    },
    async remove(...[id, authorize]: Parameters<Host['remove']>) {
      await refresh(id, 0);
      return host.remove(id, authorize);
    },
  } satisfies Partial<Host>);
}
