// Where a command finds runs: at a service, or below a root of this machine.
import { PypesError } from '@pypes/contract';
import { createRunsClient, type RunsClient } from '@pypes/contract/runs';
import { parseAddress } from '../input.ts';
import { foldersOrDefault } from '../local.ts';
import { VERSION } from '../version.ts';

/** Options of every command over runs. */
export type RunsPlace = {
  readonly url?: string;
  readonly token?: string;
  readonly tenant?: string;
  readonly root: string;
  readonly folder?: readonly string[];
  readonly blueprints?: string;
};

/** What a command does with runs; those that it starts are executed by this process where there is no service. */
export type RunsUse = 'reads' | 'cancels' | 'starts';

export async function withRuns<T>(
  place: RunsPlace,
  use: RunsUse,
  work: (client: RunsClient) => Promise<T>,
): Promise<T> {
  const { url, token, tenant, root } = place;
  if (url !== undefined) {
    return work(
      createRunsClient({
        baseUrl: parseAddress(url, '--url'),
        ...(token === undefined ? {} : { token }),
        ...(tenant === undefined ? {} : { tenant }),
      }),
    );
  }
  if (tenant !== undefined) throw new PypesError('invalid_request', '--tenant is for a service: name it with --url');
  const { openLocalRuns, readLocalRuns } = await import('@pypes/service/runs');
  const about = {
    root,
    version: VERSION,
    log: (entry: { readonly level: string; readonly event: string }) => {
      if (entry.level === 'error' || entry.level === 'warn') console.error(`${entry.event} ${JSON.stringify(entry)}`);
    },
  };
  const runs =
    use === 'starts'
      ? await openLocalRuns({
          ...about,
          folders: foldersOrDefault(place.folder ?? []),
          ...(place.blueprints === undefined ? {} : { blueprints: place.blueprints }),
        })
      : readLocalRuns({ ...about, changes: use === 'cancels' });
  try {
    return await work(runs.client);
  } finally {
    await runs.close();
  }
}
