// Bytes by their digest, each once.
import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, replaceFile } from './atomic.ts';
import { diskError, isMissing } from './errors.ts';

/** The blobs of one folder; digests are `sha256:` and hex. */
export interface Blobs {
  /** Writes nothing where the bytes are there already. */
  put(digest: string, bytes: Uint8Array): Promise<void>;
  /** A part of the bytes, without reading the rest; undefined where they are not there, or shorter than that. */
  read(digest: string, range: { readonly start: number; readonly end: number }): Promise<Uint8Array | undefined>;
  remove(digest: string): Promise<void>;
  /** Removes what a crash left behind: whatever is not in use. */
  sweep(used: ReadonlySet<string>): Promise<void>;
}

export function createBlobs(folder: string): Blobs {
  const pathOf = (digest: string) => join(folder, digest.replace(':', '-'));

  return {
    async put(digest, bytes) {
      if ((await sizeOf(pathOf(digest))) === bytes.length) return;
      await makeFolder(folder);
      await replaceFile(pathOf(digest), bytes);
    },
    async read(digest, { start, end }) {
      try {
        const file = await open(pathOf(digest), 'r');
        try {
          const bytes = new Uint8Array(end - start);
          for (let done = 0; done < bytes.length; ) {
            const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
            if (bytesRead === 0) return undefined;
            done += bytesRead;
          }
          return bytes;
        } finally {
          await file.close();
        }
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw diskError('read the object', error);
      }
    },
    async remove(digest) {
      await rm(pathOf(digest), { force: true });
    },
    async sweep(used) {
      const keep = new Set([...used].map((digest) => digest.replace(':', '-')));
      const names = await readdir(folder).catch((error: unknown) => {
        if (isMissing(error)) return [];
        throw error;
      });
      await Promise.all(names.filter((name) => !keep.has(name)).map((name) => rm(join(folder, name), { force: true })));
    },
  };
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
