// A file beside agent.toml as a pack: sandboxed like a stranger's, there for as long as the run, never in the store.
import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import {
  DEFAULT_LIMITS,
  isPypesError,
  PACK_SCHEMA_ID,
  type PackManifest,
  PypesError,
  type StoredFile,
  type StoredPack,
} from '@pypes/contract';
import { contentDigest } from '@pypes/host';
import { createAgentFolder } from '@pypes/stores/filesystem';
import { placeOf, readOrdinary } from './beside.ts';
import { guidOf } from './guid.ts';

/** The guid of a component that is a file. Its memory is kept under it from run to run. */
export function guidOfLocal(folder: string, path: string): string {
  return guidOf(`pypes-blueprint-file\n${resolve(folder, path)}`);
}

/**
 * Reads a file, or a folder of agent files, below the folder of a blueprint.
 *
 * @throws PypesError `forbidden` where the path leads out of that folder, `not_found`, `too_large`, `invalid_request`
 * where it is neither a folder nor an ordinary file
 */
export async function readLocalPack(folder: string, path: string, name: string): Promise<StoredPack> {
  const place = await placeOf(folder, path);
  const files = (await stat(place)).isDirectory()
    ? await readFolder(place)
    : await readWithCompanion(folder, place, path);
  const total = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (total > DEFAULT_LIMITS.bundleBytes) {
    throw new PypesError('too_large', `"${path}" has ${total} bytes, at most ${DEFAULT_LIMITS.bundleBytes} are read`);
  }
  return {
    manifest: {
      schema: PACK_SCHEMA_ID,
      pack_guid: guidOfLocal(folder, path),
      name,
      purpose: `The component "${name}" of a blueprint`,
      created_at: EPOCH,
      created_by: 'pypes run',
      sealed: true,
    } as PackManifest,
    files,
    revision: await contentDigest(files),
  };
}

const EPOCH = new Date(0).toISOString();

async function readFolder(place: string): Promise<readonly StoredFile[]> {
  const folder = createAgentFolder(place);
  try {
    const entries = await folder.scan();
    const files = await Promise.all(
      entries.map(async ({ path }) => ({ filename: path, bytes: await folder.read(path) })),
    );
    return files.flatMap(({ filename, bytes }) =>
      bytes === undefined ? [] : [{ filename, bytes: new Uint8Array(bytes) }],
    );
  } finally {
    folder.close();
  }
}

/** A component's `.wit` says what its functions are for. */
async function readWithCompanion(folder: string, place: string, path: string): Promise<readonly StoredFile[]> {
  const file = await readFile(place, path);
  if (!place.endsWith('.wasm')) return [file];
  const wit = await placeOf(folder, place.replace(/\.wasm$/, '.wit')).catch((error: unknown) => {
    if (isPypesError(error) && error.code === 'not_found') return undefined;
    throw error;
  });
  return wit === undefined ? [file] : [file, await readFile(wit, path.replace(/\.wasm$/, '.wit'))];
}

async function readFile(place: string, path: string): Promise<StoredFile> {
  return {
    filename: basename(place),
    bytes: new Uint8Array(await readOrdinary(place, path, DEFAULT_LIMITS.bundleBytes)),
  };
}
