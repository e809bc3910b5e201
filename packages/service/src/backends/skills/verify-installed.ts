// Whether an installed skill may load now: its bytes, its signatures, and what the registry has taken back since.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PypesError } from '@pypes/contract';
import { fault, type LockedSkill, parseSource, type Revocation, type Verified, verifySkill } from '@pypes/registry';
import type { SkillPlaces } from './paths.ts';
import { openRegistry, readRegistry } from './trust.ts';

/** A skill that may load, and what is to be said about it. */
export type LoadedSkill = { readonly verified: Verified; readonly stale?: string };

/**
 * Verifies an installed skill from what is kept here, without a network.
 *
 * @throws PypesError with the reason for which it may not load
 */
export async function verifyInstalled(places: SkillPlaces, locked: LockedSkill): Promise<LoadedSkill> {
  const source = parseSource(locked.source);
  if (source.kind === 'explicit' || source.kind === 'remote') {
    if (locked.version === undefined)
      throw new PypesError('invalid_request', `The lockfile has no version of ${locked.source}`);
    const client = await openRegistry(places, { offline: true });
    const installed = await client.load(source, { version: locked.version, digest: locked.digest });
    return { verified: installed, ...(installed.stale === undefined ? {} : { stale: installed.stale }) };
  }
  const bytes = await readArtifact(places, locked);
  const verified = verifySkill({
    bytes,
    source: locked.source,
    // The signature was checked when this digest was pinned; the pin is what is trusted now.
    proof: { kind: 'development' },
    expected: { digest: locked.digest },
    revocations: await knownRevocations(places),
  });
  return { verified: { ...verified, signers: locked.signers, by: 'pypes.lock' } };
}

async function readArtifact({ artifacts }: SkillPlaces, { source, digest }: LockedSkill): Promise<Buffer> {
  try {
    return await readFile(artifactPath(artifacts, digest));
  } catch (error) {
    throw fault('missing', `${source} is not in ${artifacts}; install it again`, { digest }, error);
  }
}

export function artifactPath(folder: string, digest: string): string {
  return join(folder, digest.replace('sha256:', ''));
}

/** A registry's revocations hold for copies from anywhere. */
export async function knownRevocations(places: SkillPlaces): Promise<readonly Revocation[]> {
  if ((await readRegistry(places)) === undefined) return [];
  const client = await openRegistry(places, { offline: true });
  return client.revocations();
}
