// The cache of archives: files under their digests, believed only as far as their bytes fit.
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, isDigest, toDigest, toHex } from '../encoding/digest.ts';
import { writeAtomically } from '../files/atomic-write.ts';
import { listIfThere, readIfThere } from '../files/read.ts';

const SHAPE = /^([0-9a-f]{64})\.skill$/;

/** Where an archive of a digest lies. */
export function toArtifactPath(folder: string, digest: Digest): string {
  return join(folder, `${toHex(digest)}.skill`);
}

/** The bytes under a digest, whether they fit or not; undefined where there are none. */
export function readArtifact(folder: string, digest: Digest): Promise<Buffer | undefined> {
  return readIfThere(toArtifactPath(folder, digest));
}

/** Keeps verified bytes. */
export async function keepArtifact(folder: string, bytes: Buffer): Promise<void> {
  await writeAtomically(toArtifactPath(folder, toDigest(bytes)), bytes);
}

/** What a collection removed. */
export type Collected = { readonly removed: readonly Digest[]; readonly freedBytes: number };

/** Removes what is not named; `named` comes from the lockfiles. */
export async function collectArtifacts(folder: string, named: ReadonlySet<Digest>): Promise<Collected> {
  const removed: Digest[] = [];
  let freedBytes = 0;
  for (const name of await listIfThere(folder)) {
    const digest = `sha256:${SHAPE.exec(name)?.[1] ?? ''}`;
    if (!isDigest(digest) || named.has(digest)) continue;
    const path = join(folder, name);
    freedBytes += (await stat(path)).size;
    await rm(path, { force: true });
    removed.push(digest);
  }
  return { removed, freedBytes };
}
