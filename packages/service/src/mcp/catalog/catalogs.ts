// The newest look at what each scope of callers is offered, so that a call does not read every pack again.
import type { AgentEntry, Host } from '@pypes/host';
import type { McpCaller } from '../caller.ts';
import { type Offer, type Offers, readOffers } from './offers.ts';

/** Which lists differ from the look before. */
export type Changes = {
  readonly tools: boolean;
  readonly prompts: boolean;
  readonly resources: boolean;
  /** Addresses of resources whose agents have changed. */
  readonly updated: readonly string[];
};

/** Looks at packs. */
export interface Catalogs {
  /** What the caller is offered now. */
  read(caller: McpCaller): Promise<Offers>;
  /** The newest look, where there is one. */
  last(caller: McpCaller): Offers | undefined;
}

const MOST_SCOPES = 64;
const NO_CHANGES: Changes = { tools: false, prompts: false, resources: false, updated: [] };

/** Looks that are kept for each scope, the newest used last. */
export function createCatalogs(host: Host, report: (agent: string, wrong: readonly string[]) => void): Catalogs {
  const looks = new Map<string, Offers>();
  const told = new WeakSet<object>();

  function keep(scope: string, offers: Offers): void {
    looks.delete(scope);
    looks.set(scope, offers);
    const [oldest] = looks.keys();
    if (looks.size > MOST_SCOPES && oldest !== undefined) looks.delete(oldest);
  }

  return {
    async read(caller) {
      const tell = (entry: AgentEntry, wrong: readonly string[]) => {
        if (told.has(entry.loaded)) return;
        told.add(entry.loaded);
        report(entry.name, wrong);
      };
      const offers = await readOffers(host, caller, tell, looks.get(caller.scope));
      const before = looks.get(caller.scope);
      const kept = before !== undefined && isSame(compareOffers(before, offers)) ? before : offers;
      keep(caller.scope, kept);
      return kept;
    },
    last: (caller) => looks.get(caller.scope),
  };
}

/** What a client has to be told after a second look. */
export function compareOffers(before: Offers, after: Offers): Changes {
  if (before === after) return NO_CHANGES;
  const keysOf = (offers: Offers) => new Map(offers.templates.map((offer) => [offer.name, offer]));
  return {
    tools: differs(before.tools, after.tools),
    prompts: differs(before.prompts, after.prompts),
    resources: differs(before.resources, after.resources) || differs(keysOf(before), keysOf(after)),
    updated: [...after.resources]
      .filter(([uri, { entry }]) => (before.resources.get(uri)?.entry.loaded ?? entry.loaded) !== entry.loaded)
      .map(([uri]) => uri),
  };
}

export function isSame({ tools, prompts, resources }: Changes): boolean {
  return !tools && !prompts && !resources;
}

/** A list differs where names do, or an agent was loaded anew. */
function differs(before: ReadonlyMap<string, Offer>, after: ReadonlyMap<string, Offer>): boolean {
  if (before.size !== after.size) return true;
  for (const [name, { guid, entry }] of after) {
    const known = before.get(name);
    if (known === undefined || known.guid !== guid || known.entry.loaded !== entry.loaded) return true;
  }
  return false;
}
