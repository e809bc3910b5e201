// The packs that a check has put on an endpoint, so that all of them are taken away again, whatever became of it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../transport/transport.ts';

/** One pack; `acknowledged` says that the endpoint told us of it. */
export type LedgerEntry = { readonly guid: string; readonly token?: string; readonly acknowledged: boolean };

export interface Ledger {
  /** The newest token of a pack. */
  tokenOf(guid: string): string | undefined;
  /** Follows a deploy: what its body asks for may be there from now on, what its answer names is there. */
  watch(body: unknown, answer: Promise<Answer>): void;
  /** A pack was removed: whoever deploys it again deploys a new one, which does not know its token. */
  removed(guid: string): void;
  /** All packs, once no deploy is under way, or after so many milliseconds; afterwards the ledger is empty. */
  settle(mostMs: number): Promise<readonly LedgerEntry[]>;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `existing` are packs that were there before: they are somebody's, and never in the ledger. */
export function createLedger(existing: ReadonlySet<string>): Ledger {
  const packs = new Map<string, LedgerEntry>();
  const underWay = new Set<Promise<unknown>>();

  function note(value: unknown, acknowledged: boolean): void {
    if (typeof value !== 'object' || value === null) return;
    const { pack_guid, swarm_guid, pack_token, swarm_token } = value as { readonly [key: string]: unknown };
    const guid = String(pack_guid ?? swarm_guid)
      .trim()
      .toLowerCase();
    if (!GUID.test(guid) || existing.has(guid)) return;
    const known = packs.get(guid);
    const token = [pack_token, swarm_token, known?.token].find((each) => typeof each === 'string') as
      | string
      | undefined;
    packs.set(guid, {
      guid,
      acknowledged: acknowledged || known?.acknowledged === true,
      ...(token === undefined ? {} : { token }),
    });
  }

  return {
    tokenOf: (guid) => packs.get(guid.toLowerCase())?.token,
    watch(body, answer) {
      note(body, false);
      const watched = answer.then(
        ({ status, json }) => note(json, status === 200),
        () => undefined,
      );
      underWay.add(watched);
      void watched.then(() => underWay.delete(watched));
    },
    removed(guid) {
      const known = packs.get(guid.toLowerCase());
      if (known !== undefined) packs.set(known.guid, { guid: known.guid, acknowledged: known.acknowledged });
    },
    async settle(mostMs) {
      const enough = new AbortController();
      const wait = sleep(mostMs, undefined, { signal: enough.signal }).catch(() => undefined);
      await Promise.race([Promise.all(underWay), wait]);
      enough.abort();
      const all = [...packs.values()];
      packs.clear();
      return all;
    },
  };
}
