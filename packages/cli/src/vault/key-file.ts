// The file that holds the vault's key: made once, replaced by a rotation, never overwritten by accident.
import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PypesError } from '@pypes/contract';

const TEMPORARY = '.tmp';

/** 32 random bytes as base64. */
export function newKeyMaterial(): string {
  return randomBytes(32).toString('base64');
}

/**
 * Writes a key for its owner alone, to the disk: it appears with its whole content or not at all, for a key that was
 * half written is one that opens nothing. @throws PypesError `conflict` where the file exists
 */
export async function writeKeyFile(path: string, material: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.${randomUUID()}${TEMPORARY}`;
  try {
    await writeTemporary(temporary, `${material}\n`);
    await link(temporary, path);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
    throw new PypesError(
      'conflict',
      `The key ${path} exists already and is not overwritten: without it every secret is lost; pypes vault rotate replaces it`,
    );
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(path));
}

/** Removes what writers of this key left when they were killed. Only for who keeps other writers away. */
export async function sweepKeyFiles(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of await readdir(folder)) {
    if (name.startsWith(`${basename(path)}.`) && name.endsWith(TEMPORARY))
      await rm(join(folder, name), { force: true });
  }
}

/** Puts the next key in the place of the one before. */
export async function replaceKeyFile(path: string, next: string): Promise<void> {
  await rename(next, path);
  await syncFolder(dirname(path));
}

async function writeTemporary(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
