// Writes a file so that whoever looks, also after a kill or a power cut, sees the old bytes or the new ones, never a mixture.
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listIfThere } from './read.ts';

/** Write, flush, rename; the folder is made where it is missing. `mode` defaults to 0o644. */
export async function writeAtomically(path: string, bytes: Uint8Array | string, mode = 0o644): Promise<void> {
  await withTemporary(path, bytes, mode, (temporary) => rename(temporary, path));
}

/**
 * The same, but never over a file that is there.
 *
 * @throws Error with the code `EEXIST`
 */
export async function writeOnce(path: string, bytes: Uint8Array | string, mode = 0o644): Promise<void> {
  await withTemporary(path, bytes, mode, (temporary) => link(temporary, path));
}

/** Removes what writers left that were killed; for whoever is the only writer of a folder. */
export async function clearTemporary(folder: string): Promise<void> {
  for (const name of await listIfThere(folder)) {
    if (TEMPORARY.test(name)) await rm(join(folder, name), { force: true });
  }
}

const TEMPORARY = /^\.[0-9a-f-]{36}\.tmp$/;

async function withTemporary(
  path: string,
  bytes: Uint8Array | string,
  mode: number,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, `.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx', mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await place(temporary);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
