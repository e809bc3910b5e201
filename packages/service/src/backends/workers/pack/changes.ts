// How a pack changes: one change at a time, announced to the directory before anything is written and settled afterwards.
import { isJsonObject, type PackStore, type PackSummary, PypesError, toGuid } from '@pypes/contract';
import type { Host } from '@pypes/host';
import type { LogEntry } from '../../../http/log.ts';
import type { Directory } from '../directory/directory.ts';
import { toSummary } from '../summary.ts';

export type ChangesOptions = {
  readonly guid: string;
  readonly directory: Directory;
  readonly log: (entry: LogEntry) => void;
  /** Names each change. */
  readonly newId: () => string;
  /** Empties the database of a pack that was removed; nothing is in it that counts. */
  readonly discard: () => Promise<void>;
};

/** What makes the changes of one pack go one after another. */
export interface PackChanges {
  /** The store that the host gets: nothing is written to it unannounced. */
  announcing(store: PackStore): PackStore;
  /** The host that the service gets: its one pack, deployed and removed in turn. */
  inTurn(host: Host): Host;
  /** What the pack is when all changes before are done. */
  summary(host: Host): Promise<PackSummary | undefined>;
}

export function createPackChanges({ guid, directory, log, newId, discard }: ChangesOptions): PackChanges {
  let last: Promise<unknown> = Promise.resolve();
  /** The change under way, from when it was announced. */
  let intent: string | undefined;

  function wait<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  }

  async function announce(): Promise<void> {
    const id = newId();
    await directory.announce(guid, id);
    intent = id;
  }

  async function change<T>(host: Host, work: () => Promise<T>): Promise<T> {
    intent = undefined;
    try {
      return await work();
    } finally {
      if (intent !== undefined) await settle(host, intent);
    }
  }

  /** What cannot be settled now is put right by whoever lists next. */
  async function settle(host: Host, announced: string): Promise<void> {
    try {
      await directory.settle(guid, announced, await summaryOf(host));
    } catch (error) {
      log({ level: 'warn', event: 'directory.unsettled', pack: guid, reason: String(error) });
    }
  }

  async function summaryOf(host: Host): Promise<PackSummary | undefined> {
    const pack = await host.get(guid);
    if (pack === undefined) return undefined;
    return toSummary(guid, pack.manifest, (await pack.catalog.view()).names.length);
  }

  return {
    announcing: (store) => ({
      ...store,
      async put(of, pack) {
        await announce();
        await store.put(of, pack);
      },
      async remove(of) {
        await announce();
        return store.remove(of);
      },
    }),
    inTurn: (host) =>
      Object.assign(Object.create(host) as Host, {
        deploy: (bundle, options) =>
          wait(() => {
            checkOwn(guid, isJsonObject(bundle) ? bundle.pack_guid : undefined);
            return change(host, () => host.deploy(bundle, options));
          }),
        remove: (id, authorize) =>
          wait(() =>
            change(host, async () => {
              const removed = await host.remove(id, authorize);
              await discard().catch((error: unknown) =>
                log({ level: 'warn', event: 'pack.leftover', pack: guid, reason: String(error) }),
              );
              return removed;
            }),
          ),
      } satisfies Partial<Host>),
    summary: (host) => wait(() => summaryOf(host)),
  };
}

/** The front sends each bundle where its guid says, and mints the guids of new ones. */
function checkOwn(guid: string, given: unknown): void {
  if (toGuid(given) !== guid) throw new PypesError('internal', `The bundle of another pack came to the pack ${guid}`);
}
