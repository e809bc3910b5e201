// The host of the front: it has no pack, knows what the directory lists, and lets the service say so.
import { type Limits, PypesError } from '@pypes/contract';
import type { Host } from '@pypes/host';
import type { Directory } from './directory/directory.ts';
import type { WorkerSettings } from './settings.ts';
import { toListedPack } from './summary.ts';

export type ListingOptions = {
  readonly directory: Pick<Directory, 'list'>;
  /** Names of the languages that run. */
  readonly runtimes: readonly string[];
  readonly settings: Pick<WorkerSettings, 'limits'>;
};

/** What the service needs of a host to list packs, and to answer for packs that there are not. */
export function createListingHost({ directory, runtimes, settings }: ListingOptions): Host {
  const nothing = async (id: unknown) => {
    throw new PypesError('not_found', `unknown pack: ${String(id)}`);
  };
  const host: Pick<Host, 'get' | 'list' | 'deploy' | 'remove' | 'call'> & {
    readonly limits: Limits;
    readonly runtimes: readonly { readonly name: string }[];
  } = {
    limits: settings.limits,
    runtimes: runtimes.map((name) => ({ name })),
    get: async () => undefined,
    list: async () => (await directory.list()).map(toListedPack),
    deploy: nothing,
    remove: nothing,
    call: nothing,
  };
  return host as Host;
}
