// Skills of the trusted registry as offers: found by signed metadata, then downloaded, verified and read. Nothing is
// installed: an archive in the cache has no pack, no grant and no entry in the lockfile.
import { isPypesError, PypesError, type StoredPack } from '@pypes/contract';
import { type CatalogEntry, parseSource, type RegistryClient, type RegistrySource } from '@pypes/registry';
import type { ReadAgent } from '../blueprints/describe-files.ts';
import { skillPlaces } from '../skills/paths.ts';
import { toSkillPack } from '../skills/skill-pack.ts';
import { openRegistry, readRegistry } from '../skills/trust.ts';
import { createSearch, type Found, type Offer, plain } from './host-contracting.ts';
import { toOffer } from './to-offer.ts';

/** Downloads for one wish. */
const MOST_READ = 16;
const NAME = 3;
const TEXT = 1;

export type RegistryOffersOptions = {
  readonly root: string;
  readonly offline: boolean;
  readonly readAgent: ReadAgent;
  readonly newName: (wanted: string) => string;
  /** Sources that are offered already. */
  readonly known: (source: string) => boolean;
};

/** The skills that have to do with some words, the newest usable version of each. */
export async function findRegistryOffers(words: string, options: RegistryOffersOptions): Promise<Found> {
  const places = skillPlaces(options.root);
  if ((await readRegistry(places)) === undefined) {
    return { offers: [], notes: ['No registry is trusted here, so that only what is on this machine was searched'] };
  }
  let client: RegistryClient;
  let entries: readonly CatalogEntry[];
  try {
    client = await openRegistry(places, { offline: options.offline });
    // Without words: the newest usable version of every skill.
    entries = await client.search('');
  } catch (error) {
    if (!isPypesError(error)) throw error;
    return { offers: [], notes: [`The registry was not searched: ${plain(error.message, 300)}`] };
  }
  const hits = searchEntries(entries)(words).map(({ item }) => item);
  const notes: string[] = [];
  if (hits.length > MOST_READ)
    notes.push(`${hits.length} skills have one of the words; the ${MOST_READ} best were read`);
  const offers: Offer[] = [];
  for (const entry of hits.slice(0, MOST_READ)) {
    const source = `explicit:${entry.text}@${entry.version}`;
    if (options.known(source)) continue;
    try {
      offers.push(await read(client, entry, source, options));
    } catch (error) {
      if (!isPypesError(error)) throw error;
      notes.push(`${entry.text}@${entry.version} was left out: ${plain(error.message, 300)}`);
    }
  }
  return { offers, notes };
}

/** By name, description, and the exports that the labels name: all of it signed. */
function searchEntries(entries: readonly CatalogEntry[]) {
  return createSearch(
    entries.map((entry) => ({
      item: entry,
      fields: [
        { text: entry.text, weight: NAME },
        { text: exportsOf(entry), weight: NAME },
        { text: entry.description, weight: TEXT },
      ],
    })),
  );
}

function exportsOf({ labels }: CatalogEntry): string {
  return typeof labels === 'object' && labels !== null ? Object.keys(labels).join(' ') : '';
}

async function read(
  client: RegistryClient,
  entry: CatalogEntry,
  source: string,
  { readAgent, newName }: RegistryOffersOptions,
): Promise<Offer> {
  const installed = await client.install(parseSource(source) as RegistrySource);
  if (installed.content.kind !== 'skill') {
    throw new PypesError('agent_broken', 'It is a bare component, without a manifest');
  }
  const { digest, signers } = installed;
  const pack: Pick<StoredPack, 'manifest' | 'files'> = toSkillPack(
    { source, digest, signers, version: entry.version, permissions: {} },
    installed,
    '',
  );
  const about = {
    name: newName(entry.text),
    reference: { skill: source },
    title: `${entry.text}@${entry.version}`,
    description: installed.content.skill.manifest.package.description,
    origin: 'registry',
    signers,
    digest,
  } as const;
  return toOffer(pack, about, readAgent);
}
