// The file that holds the vault's key: made once, replaced by a rotation, never overwritten by accident.
import { randomBytes } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PypesError } from '@pypes/contract';

/** 32 random bytes as base64. */
export function newKeyMaterial(): string {
  return randomBytes(32).toString('base64');
}

/** Writes a key for its owner alone, to the disk. @throws PypesError `conflict` where the file exists */
export async function writeKeyFile(path: string, material: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(`${material}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
    throw new PypesError(
      'conflict',
      `The key ${path} exists already and is not overwritten: without it every secret is lost; pypes vault rotate replaces it`,
    );
  }
  await syncFolder(dirname(path));
}

/** Puts the next key in the place of the one before. */
export async function replaceKeyFile(path: string, next: string): Promise<void> {
  await rename(next, path);
  await syncFolder(dirname(path));
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
