// Reads and changes a lockfile on disk, one writer at a time, and knows what all lockfiles together still need.
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Digest } from '../encoding/digest.ts';
import { writeAtomically } from '../files/atomic-write.ts';
import { withLock } from '../files/lock.ts';
import { readIfThere } from '../files/read.ts';
import { EMPTY_LOCKFILE, type Lockfile } from './lockfile.ts';
import { parseLockfile } from './parse-lockfile.ts';
import { toLockfileText } from './write-lockfile.ts';

/** The lockfile at a path; an empty one where there is none. */
export async function readLockfile(path: string): Promise<Lockfile> {
  const bytes = await readIfThere(path);
  return bytes === undefined ? EMPTY_LOCKFILE : parseLockfile(bytes.toString('utf8'));
}

/**
 * Changes a lockfile; nobody else changes it meanwhile, and a kill leaves the old or the new one.
 *
 * @throws PypesError what `change` throws, or `invalid_request` where the file cannot be read: it is not overwritten then
 */
export async function updateLockfile(
  path: string,
  change: (lockfile: Lockfile) => Lockfile | Promise<Lockfile>,
): Promise<Lockfile> {
  return withLock(join(dirname(path), `.${basename(path)}.guard`), async () => {
    const next = await change(await readLockfile(path));
    await writeAtomically(path, toLockfileText(next));
    return next;
  });
}

/**
 * The digests that lockfiles name: what a collection of the cache keeps.
 *
 * @throws PypesError where one cannot be read: nothing may be removed then
 */
export async function readLockedDigests(paths: readonly string[]): Promise<ReadonlySet<Digest>> {
  const lockfiles = await Promise.all(paths.map(async (path) => parseLockfile(await readFile(path, 'utf8'))));
  return new Set(lockfiles.flatMap(({ skills }) => skills.map(({ digest }) => digest)));
}
