// Agent files below the folder of the blueprint as offers: read as text, never loaded.
import { relative, resolve } from 'node:path';
import { isPypesError } from '@pypes/contract';
import { createAgentFolder } from '@pypes/stores/filesystem';
import type { ReadAgent } from '../blueprints/describe-files.ts';
import { readLocalPack } from '../blueprints/local-pack.ts';
import { type Found, type Offer, plain } from './host-contracting.ts';
import { toOffer } from './to-offer.ts';

export type LocalOffersOptions = {
  /** Folders of agent files. */
  readonly folders: readonly string[];
  /** Where the blueprint will stand: it can only name what is below. */
  readonly home: string;
  readonly readAgent: ReadAgent;
  readonly newName: (wanted: string) => string;
};

const MOST_FILES = 200;
const ENDINGS = /\.(?:py|lispy|lisp|js|mjs|ts|lua|wasm)$/i;

/** One offer for each file. */
export async function findLocalOffers(options: LocalOffersOptions): Promise<Found> {
  const offers: Offer[] = [];
  const notes: string[] = [];
  for (const path of await filesOf(options.folders, notes)) {
    const name = relative(options.home, path);
    try {
      offers.push(await read(name, options));
    } catch (error) {
      if (!isPypesError(error)) throw error;
      notes.push(`${plain(name, 200)} was left out: ${plain(error.message, 300)}`);
    }
  }
  return { offers, notes };
}

async function filesOf(folders: readonly string[], notes: string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of folders) {
    const folder = createAgentFolder(path);
    try {
      const entries = await folder.scan();
      found.push(...entries.filter((entry) => ENDINGS.test(entry.path)).map((entry) => resolve(path, entry.path)));
    } finally {
      folder.close();
    }
  }
  if (found.length > MOST_FILES) notes.push(`${found.length} agent files are here; the first ${MOST_FILES} were read`);
  return [...new Set(found)].slice(0, MOST_FILES);
}

async function read(path: string, { home, readAgent, newName }: LocalOffersOptions): Promise<Offer> {
  const pack = await readLocalPack(home, path, path);
  const stem = (path.split(/[/\\]/).at(-1) ?? path).replace(/\.[^.]*$/, '');
  const about = {
    name: stem,
    reference: { path },
    title: path,
    description: '',
    origin: 'local',
    signers: [],
  } as const;
  const offer = await toOffer(pack, about, readAgent);
  // A name is taken when the file turned out to be an agent.
  return { ...offer, name: newName(stem) };
}
