// What is installed, and the removal of what no installed skill needs.
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type LockedSkill, readLockfile } from '@pypes/registry';
import { skillPlaces } from './paths.ts';
import { guidOfSkill } from './skill-pack.ts';

/** An installed skill. */
export type Installed = { readonly source: string; readonly packGuid: string; readonly locked: LockedSkill };

export async function listInstalled(root: string): Promise<readonly Installed[]> {
  const { skills } = await readLockfile(skillPlaces(root).lockfile);
  return skills.map((locked) => ({ source: locked.source, packGuid: guidOfSkill(locked.source), locked }));
}

/** Archives that the lockfile does not name, and everything that was transpiled. */
export async function collectGarbage(root: string): Promise<{ readonly files: number; readonly bytes: number }> {
  const places = skillPlaces(root);
  const { skills } = await readLockfile(places.lockfile);
  const named = new Set(skills.map(({ digest }) => digest.replace('sha256:', '')));
  let files = 0;
  let bytes = 0;
  for (const [folder, keeps] of [
    [places.artifacts, true],
    [join(places.cache, 'artifacts'), true],
    [join(root, 'cache', 'components'), false],
  ] as const) {
    for (const name of await readdir(folder).catch(() => [])) {
      if (keeps && [...named].some((digest) => name.includes(digest))) continue;
      const path = join(folder, name);
      bytes += (await stat(path)).size;
      files++;
      await rm(path, { recursive: true, force: true });
    }
  }
  return { files, bytes };
}
