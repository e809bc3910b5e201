// Reads a skill from a folder, or from its archive.
import type { Dirent } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fault } from '../faults.ts';
import { openArchive, packArchive } from './archive.ts';
import { type Checksums, SKILL_LIMITS, type Skill, toSkill } from './skill.ts';

/**
 * Reads a skill's folder. Files whose names begin with a dot stay out; a symbolic link is refused.
 *
 * @throws PypesError with the reason `malformed`, `too_large`, `missing` or `tampered`
 */
export async function readSkill(folder: string): Promise<Skill> {
  const found: string[] = [];
  await collect(folder, found);
  const files = new Map<string, Uint8Array>();
  let total = 0;
  for (const path of found.sort()) {
    total += (await lstat(path)).size;
    if (total > SKILL_LIMITS.skillBytes)
      throw fault('too_large', `A skill has at most ${SKILL_LIMITS.skillBytes} bytes`);
    files.set(relative(folder, path).split(sep).join('/'), await readFile(path));
  }
  return toSkill(files);
}

/** The one archive of a skill. */
export function packSkill(skill: Skill): Buffer {
  return packArchive(skill.files);
}

/**
 * Opens an archive and checks what is in it.
 *
 * @throws PypesError with the reason `malformed`, `too_large` or `tampered`
 */
export function openSkill(archive: Uint8Array, checksums: Checksums = 'check'): Skill {
  return toSkill(openArchive(archive), checksums);
}

async function collect(folder: string, found: string[]): Promise<void> {
  for (const entry of await list(folder)) {
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await collect(path, found);
    else if (entry.isFile()) found.push(path);
    else throw fault('malformed', `"${path}" is no plain file; a skill has no links`);
    if (found.length > SKILL_LIMITS.files) throw fault('too_large', `A skill has at most ${SKILL_LIMITS.files} files`);
  }
}

async function list(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw fault('missing', `There is no folder "${folder}"`, {}, cause);
  }
}
