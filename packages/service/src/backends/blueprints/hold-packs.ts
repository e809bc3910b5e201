// The packs of a run as they were checked, held open until it ends.
import { PypesError } from '@pypes/contract';
import type { Host, Pack } from '@pypes/host';
import type { OpenedComponents } from './open-components.ts';

/** Packs by component. */
export type HeldPacks = { readonly packs: ReadonlyMap<string, Pack>; readonly release: () => void };

/** @throws PypesError `conflict` where one is not what was checked any more */
export async function holdPacks(host: Pick<Host, 'get'>, { components }: OpenedComponents): Promise<HeldPacks> {
  const packs = new Map<string, Pack>();
  const releases: (() => void)[] = [];
  const release = () => {
    for (const each of releases.splice(0)) each();
  };
  try {
    for (const [name, { packGuid, digest }] of components) {
      const pack = await host.get(packGuid);
      const hold = pack?.catalog.hold();
      if (pack === undefined || hold === undefined || (await pack.contentDigest?.()) !== digest) {
        hold?.();
        throw new PypesError('conflict', `"${name}" has changed since it was checked; run it again`);
      }
      releases.push(hold);
      packs.set(name, pack);
    }
    return { packs, release };
  } catch (error) {
    release();
    throw error;
  }
}
