// Finds what a request names: the one pack that has the agent, or the blueprint.
import { PypesError } from '@pypes/contract';
import type { RunRequest } from '@pypes/contract/runs';
import { unknownAgent } from '../../calls/refusals.ts';
import type { Pack } from '../../packs/pack.ts';
import type { RunsOptions } from '../options.ts';

/** What runs: digests and ids by name, as a record has them. */
export type Versions = { readonly [name: string]: string };

/**
 * @throws PypesError `not_found` (pack, blueprint), `unknown_agent`, `invalid_request` (details `{candidates}`) where
 * several packs have it, `unsupported`
 */
export async function findTarget(
  { host, blueprints }: Pick<RunsOptions, 'host' | 'blueprints'>,
  { agent, pack, blueprint }: RunRequest,
): Promise<Versions> {
  if (agent !== undefined) {
    const found = pack === undefined ? await findPackWith(host, agent) : await findPack(host, pack);
    return versionsOf(found, agent);
  }
  if (blueprint === undefined) {
    throw new PypesError(
      'unsupported',
      'Runs of an agreement are not offered by this version; run the blueprint or the agent that it is about',
    );
  }
  if (blueprints === undefined) {
    throw new PypesError('unsupported', `This host offers no blueprints, so that "${blueprint}" cannot be run`);
  }
  return blueprints.find(blueprint);
}

/** The pack and the version of the agent's file. @throws PypesError `unknown_agent` */
export async function versionsOf(pack: Pack, agent: string): Promise<Versions> {
  const acquired = pack.catalog.acquire(agent);
  const held = acquired instanceof Promise ? await acquired : acquired;
  if (held === undefined) throw await unknownAgent(pack, agent);
  const { digest } = held.entry.version;
  held.release();
  return {
    pack: pack.guid,
    ...(pack.contentDigest === undefined ? {} : { pack_digest: await pack.contentDigest() }),
    agent_digest: digest,
  };
}

/** By guid, or by a name that one pack has. */
async function findPack(host: RunsOptions['host'], id: string): Promise<Pack> {
  const known = await host.get(id);
  if (known !== undefined) return known;
  const named = (await host.list()).filter(({ manifest }) => manifest.name === id);
  const [only] = named;
  if (only === undefined) throw new PypesError('not_found', `unknown pack: ${id}`);
  if (named.length > 1) throw ambiguous(`${named.length} packs are called "${id}"`, named);
  return only;
}

async function findPackWith(host: RunsOptions['host'], agent: string): Promise<Pack> {
  const packs = await host.list();
  const having: Pack[] = [];
  for (const pack of packs) {
    const held = await pack.catalog.acquire(agent);
    if (held === undefined) continue;
    held.release();
    having.push(pack);
  }
  const [only] = having;
  if (only === undefined) {
    throw new PypesError('unknown_agent', `unknown agent: ${agent}; none of the ${packs.length} packs has it`);
  }
  if (having.length > 1) throw ambiguous(`${having.length} packs have an agent "${agent}"`, having);
  return only;
}

function ambiguous(what: string, packs: readonly Pack[]): PypesError {
  const candidates = packs.map(({ guid, manifest }) => ({ pack: guid, name: manifest.name }));
  const guids = packs.map(({ guid }) => guid).join(', ');
  return new PypesError('invalid_request', `${what}; name one by its guid in "pack": ${guids}`, {
    details: { candidates },
  });
}
