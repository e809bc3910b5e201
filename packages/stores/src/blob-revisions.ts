// Revisions of a pack's files: each written whole before a manifest names it, and removed long after it was replaced.
import { PypesError, type StoredFile } from '@pypes/contract';
import { fileKey, plainName, revisionOf, revisionsKey } from './blob-keys.ts';
import type { StoredEntry } from './blob-manifest.ts';
import { type BlobEntry, type ConditionalBlobs, mapSome } from './conditional-blobs.ts';
import { digestOf } from './object-rules.ts';

/** Transfers at once. */
const AT_ONCE = 16;

export async function writeRevision(
  blobs: ConditionalBlobs,
  guid: string,
  revision: string,
  files: readonly StoredFile[],
): Promise<readonly StoredEntry[]> {
  return mapSome(files, AT_ONCE, async ({ filename, bytes }) => {
    const copy = new Uint8Array(bytes);
    await blobs.put(fileKey(guid, revision, filename), { bytes: copy, type: 'application/octet-stream' });
    return { filename: plainName(filename), sha256: await digestOf(copy) };
  });
}

/** The files, sorted by name; undefined where one is gone. @throws PypesError `digest_mismatch` */
export async function readRevision(
  blobs: ConditionalBlobs,
  guid: string,
  revision: string,
  entries: readonly StoredEntry[],
): Promise<readonly StoredFile[] | undefined> {
  const files = await mapSome(entries, AT_ONCE, async ({ filename, sha256 }) => {
    const found = await blobs.get(fileKey(guid, revision, filename));
    if (found !== undefined && (await digestOf(found.bytes)) !== sha256) {
      const advice = 'somebody changed it in its place; deploy the pack again';
      throw new PypesError(
        'digest_mismatch',
        `The file "${filename}" of the pack ${guid} is not what was deployed: ${advice}`,
      );
    }
    return found && { filename, bytes: found.bytes };
  });
  const there = files.filter((file) => file !== undefined);
  return there.length < files.length ? undefined : there.sort((a, b) => (a.filename < b.filename ? -1 : 1));
}

export async function deleteRevision(
  blobs: ConditionalBlobs,
  guid: string,
  revision: string,
  entries: readonly StoredEntry[],
): Promise<void> {
  await mapSome(entries, AT_ONCE, ({ filename }) => blobs.delete(fileKey(guid, revision, filename)));
}

/**
 * Deletes revisions that nothing was added to for `keepMs`, except `current`. A reader that had just learnt of one, and
 * a writer that is about to commit one, have all that time. The clock is the place's own.
 */
export async function deleteOldRevisions(
  blobs: ConditionalBlobs,
  guid: string,
  current: string | undefined,
  keepMs: number,
): Promise<void> {
  const entries = await blobs.list(revisionsKey(guid));
  const newest = newestOf(entries);
  const old = [...Map.groupBy(entries, ({ key }) => revisionOf(guid, key))]
    .filter(([revision, own]) => revision !== current && newestOf(own) <= newest - keepMs)
    .flatMap(([, own]) => own);
  await mapSome(old, AT_ONCE, ({ key }) => blobs.delete(key));
}

function newestOf(entries: readonly BlobEntry[]): number {
  return entries.reduce((newest, { modified }) => Math.max(newest, modified), 0);
}
