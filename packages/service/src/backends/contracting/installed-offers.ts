// Installed skills as offers, with what the person granted them.
import { isPypesError } from '@pypes/contract';
import { contentDigest } from '@pypes/host';
import { createFilesystemGrantStore } from '@pypes/stores/filesystem';
import type { ReadAgent } from '../blueprints/describe-files.ts';
import { type Installed, listInstalled } from '../skills/collect.ts';
import { skillPlaces } from '../skills/paths.ts';
import { toSkillPack } from '../skills/skill-pack.ts';
import { verifyInstalled } from '../skills/verify-installed.ts';
import { type Found, type Offer, plain } from './host-contracting.ts';
import { toOffer } from './to-offer.ts';

export type InstalledOffersOptions = {
  readonly root: string;
  readonly readAgent: ReadAgent;
  readonly newName: (wanted: string) => string;
};

/** Every installed skill that may load; one that may not is left out, and why is said. */
export async function findInstalledOffers(options: InstalledOffersOptions): Promise<Found> {
  const offers: Offer[] = [];
  const notes: string[] = [];
  for (const skill of await listInstalled(options.root)) {
    try {
      offers.push(await read(skill, options));
    } catch (error) {
      if (!isPypesError(error)) throw error;
      notes.push(`${skill.source} was left out: ${plain(error.message, 300)}`);
    }
  }
  return { offers, notes };
}

async function read({ source, packGuid, locked }: Installed, options: InstalledOffersOptions): Promise<Offer> {
  const { root, readAgent, newName } = options;
  const { verified } = await verifyInstalled(skillPlaces(root), locked);
  const pack = toSkillPack(locked, verified, '');
  const grant = await createFilesystemGrantStore(root).get(packGuid);
  const isForThese = grant?.content_digest === undefined || grant.content_digest === (await contentDigest(pack.files));
  const about = {
    name: newName(locked.name ?? source),
    reference: { skill: source },
    title: locked.name === undefined ? source : `${locked.name}@${locked.version}`,
    description: String(pack.manifest.purpose ?? ''),
    origin: 'installed',
    signers: verified.signers,
    digest: verified.digest,
    // A yes to other bytes is none.
    granted: isForThese ? (grant?.permissions ?? {}) : {},
  } as const;
  return toOffer(pack, about, readAgent);
}
