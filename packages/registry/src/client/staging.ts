// The folder of one visit: a copy of what was verified before, and what of it is kept afterwards.
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from '../files/atomic-write.ts';
import { listIfThere, readIfThere } from '../files/read.ts';
import type { Context } from './context.ts';
import type { SessionFetcher } from './fetcher.ts';
import type { Proof } from './proofs.ts';
import { keepRoot } from './root-cache.ts';
import type { Trusted } from './trusted.ts';

const VISIT = 'pypes-visit-';
const PLAIN = /^[a-z0-9-]+\.json$/;
const ROOT = 'root.json';

/** Works in a new folder, which is gone afterwards. */
export async function inStaging<T>(parent: string, work: (staging: string) => Promise<T>): Promise<T> {
  const staging = await mkdtemp(join(parent, VISIT));
  try {
    return await work(staging);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** What visits left that were killed; whoever holds the lock is the only visitor. */
export async function clearVisits(folder: string): Promise<void> {
  for (const name of await listIfThere(folder)) {
    if (name.startsWith(VISIT)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** Lays out a proof. */
export async function stageProof(staging: string, proof: Proof | undefined): Promise<void> {
  for (const [name, text] of Object.entries(proof?.files ?? {})) {
    if (PLAIN.test(name) && name !== ROOT) await writeFile(join(staging, name), text);
  }
}

/** Lays out the newest metadata. */
export async function stageCache(cache: string, staging: string): Promise<void> {
  for (const name of await listIfThere(cache)) {
    if (PLAIN.test(name) && name !== ROOT) await copyFile(join(cache, name), join(staging, name));
  }
}

/** Keeps what was verified, also where the visit failed later: knowing newer versions is what stops a rollback. */
export async function keepVerified(
  context: Context,
  staging: string,
  fetcher: SessionFetcher,
  trusted: Trusted,
): Promise<void> {
  const cache = join(context.folder, 'metadata');
  const names = (await listIfThere(staging)).filter((name) => name.endsWith('.json') && name !== ROOT);
  for (const name of names) {
    const bytes = await readFile(join(staging, name));
    const known = await readIfThere(join(cache, name));
    if (known === undefined || !known.equals(bytes)) await writeAtomically(join(cache, name), bytes);
  }
  for (const name of ['timestamp.json', 'snapshot.json']) {
    if (!names.includes(name)) await rm(join(cache, name), { force: true });
  }
  for (const [version, bytes] of fetcher.roots) {
    if (version <= trusted.root.signed.version) await keepRoot(context, version, bytes);
  }
}
