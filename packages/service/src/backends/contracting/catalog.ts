// Everything of a machine that a blueprint could be made of: local files, installed skills, the registry's skills.
import type { ReadAgent } from '../blueprints/describe-files.ts';
import { guidOfSkill } from '../skills/skill-pack.ts';
import type { OfferCatalog } from './host-contracting.ts';
import { findInstalledOffers } from './installed-offers.ts';
import { findLocalOffers } from './local-offers.ts';
import { createNames } from './names.ts';
import { findRegistryOffers } from './registry-offers.ts';

export type MachineCatalogOptions = {
  /** Where skills of this machine are kept. */
  readonly root: string;
  /** Folders of agent files. */
  readonly folders: readonly string[];
  /** The folder where the blueprint will stand. */
  readonly home: string;
  /** No network: of the registry, what the cache knows. */
  readonly offline?: boolean;
  /** AGENT of a file by reading it. */
  readonly readAgent: ReadAgent;
};

/** A catalog that installs nothing, runs nothing, and changes nothing but the cache of the registry's client. */
export function createMachineCatalog({
  root,
  folders,
  home,
  offline = false,
  readAgent,
}: MachineCatalogOptions): OfferCatalog {
  return {
    async find(words) {
      const newName = createNames();
      const local = await findLocalOffers({ folders, home, readAgent, newName });
      const installed = await findInstalledOffers({ root, readAgent, newName });
      const here = new Set(
        installed.offers.flatMap(({ reference }) => ('skill' in reference ? [guidOfSkill(reference.skill)] : [])),
      );
      const registry = await findRegistryOffers(words, {
        root,
        offline,
        readAgent,
        newName,
        known: (source) => here.has(guidOfSkill(source)),
      });
      const all = [local, installed, registry];
      return { offers: all.flatMap(({ offers }) => offers), notes: all.flatMap(({ notes }) => notes) };
    },
  };
}
