// Objects on a disk: objects/<pack>/[tenants/<tenant>/]<user>/blobs/<digest> hold the bytes, index.json says which name
// has which.
import { randomUUID } from 'node:crypto';
import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type MemoryScope, type ObjectInfo, type ObjectStore, PypesError } from '@pypes/contract';
import { checkObjectCount, checkObjectName, digestOf, toRange } from '../object-rules.ts';
import { makeFolder, syncFolder } from './atomic.ts';
import { type Blobs, createBlobs } from './blobs.ts';
import { diskError, isMissing } from './errors.ts';
import { createJsonFile, type JsonFile } from './json-file.ts';
import { withLock } from './lock.ts';
import { type ObjectIndex, parseObjectIndex } from './object-index.ts';
import { createQueue } from './queue.ts';
import { checkedGuid, scopePath } from './scope.ts';

type Scope = { readonly folder: string; readonly index: JsonFile<ObjectIndex>; readonly blobs: Blobs; swept: boolean };

const MOST_KNOWN = 1_000;
const TRASH = '.trash-';

/**
 * The objects below `<root>/objects`. A put writes and flushes the bytes, then replaces the index, which is the commit:
 * a crash leaves the old object or the new one, and at worst bytes without a name, which the next change removes.
 */
export function createFilesystemObjectStore(root: string): ObjectStore {
  const objects = join(root, 'objects');
  const scopes = new Map<string, Scope>();
  const inTurn = createQueue();

  function scopeOf(of: MemoryScope): Scope {
    const folder = join(objects, scopePath(of));
    const known = scopes.get(folder);
    if (known !== undefined) return known;
    if (scopes.size >= MOST_KNOWN) scopes.clear();
    const index = createJsonFile(join(folder, 'index.json'), 'the list of objects', parseObjectIndex);
    const scope = { folder, index, blobs: createBlobs(join(folder, 'blobs')), swept: false };
    scopes.set(folder, scope);
    return scope;
  }

  async function read({ index }: Scope): Promise<readonly ObjectInfo[]> {
    return (await index.read())?.objects ?? [];
  }

  /** `change` works on the newest index, alone among all processes. */
  function update<T>(scope: Scope, change: (before: readonly ObjectInfo[]) => Promise<T>): Promise<T> {
    return inTurn(scope.folder, async () => {
      try {
        await makeFolder(scope.folder);
        return await withLock(join(scope.folder, 'lock'), async () => {
          const before = await read(scope);
          if (!scope.swept) await sweep(scope, before);
          scope.swept = true;
          return change(before);
        });
      } catch (error) {
        throw error instanceof PypesError ? error : diskError('store the object', error);
      }
    });
  }

  /** Replaces the index, then removes the bytes that `gone` had, unless another name has them too. */
  async function commit(scope: Scope, after: readonly ObjectInfo[], gone: ObjectInfo | undefined): Promise<void> {
    await scope.index.write({ version: 1, objects: after });
    if (gone === undefined || after.some(({ digest }) => digest === gone.digest)) return;
    await scope.blobs.remove(gone.digest);
  }

  return {
    async put(of, { name, contentType, bytes, labels }) {
      checkObjectName(name);
      const copy = new Uint8Array(bytes);
      const digest = await digestOf(copy);
      const info: ObjectInfo = {
        name,
        content_type: contentType,
        size: copy.length,
        digest,
        ...(labels && { labels }),
      };
      const scope = scopeOf(of);
      return update(scope, async (before) => {
        const old = before.find((object) => object.name === name);
        checkObjectCount(old === undefined ? before.length + 1 : before.length);
        await scope.blobs.put(digest, copy);
        const after = [...before.filter((object) => object !== old), info].sort(byName);
        await commit(scope, after, old);
        return info;
      });
    },

    async get(of, name, range) {
      const scope = scopeOf(of);
      for (let missed: string | undefined; ; ) {
        const info = (await read(scope)).find((object) => object.name === name);
        if (info === undefined) return undefined;
        const bytes = await scope.blobs.read(info.digest, toRange(info.size, range));
        if (bytes !== undefined) return { info, bytes };
        // Replaced while it was read: read the one that took its place. The same one missing twice is damage.
        if (missed === info.digest) {
          throw new PypesError(
            'unavailable',
            `The bytes ${info.digest} of the object "${name}" are gone from the disk`,
          );
        }
        missed = info.digest;
      }
    },

    async list(of, prefix = '') {
      const all = await read(scopeOf(of));
      return prefix === '' ? all : all.filter(({ name }) => name.startsWith(prefix));
    },

    async delete(of, name) {
      const scope = scopeOf(of);
      if (!(await read(scope)).some((object) => object.name === name)) return false;
      return update(scope, async (before) => {
        const old = before.find((object) => object.name === name);
        if (old === undefined) return false;
        await commit(
          scope,
          before.filter((object) => object !== old),
          old,
        );
        return true;
      });
    },

    async removePack(packGuid) {
      const folder = join(objects, checkedGuid(packGuid));
      const trash = join(objects, TRASH + randomUUID());
      try {
        await rename(folder, trash);
        await syncFolder(objects);
      } catch (error) {
        if (isMissing(error)) return;
        throw diskError(`remove the objects of the pack ${packGuid}`, error);
      }
      for (const known of scopes.keys()) if (known.startsWith(folder)) scopes.delete(known);
      const gone = (await readdir(objects)).filter((name) => name.startsWith(TRASH));
      await Promise.all(gone.map((name) => rm(join(objects, name), { recursive: true, force: true })));
    },
  };
}

/** What a crash left behind: bytes without a name, and an index that was never put in place. */
async function sweep({ folder, blobs }: Scope, objects: readonly ObjectInfo[]): Promise<void> {
  await blobs.sweep(new Set(objects.map(({ digest }) => digest)));
  const torn = (await readdir(folder)).filter((name) => name.startsWith('index.json.'));
  await Promise.all(torn.map((name) => rm(join(folder, name), { force: true })));
}

function byName(a: ObjectInfo, b: ObjectInfo): number {
  return a.name < b.name ? -1 : 1;
}
