// Packs in an object's database: packs/<guid>/manifest.json and packs/<guid>/agents/<filename>, replaced in one transaction.
import type { PackManifest, PackStore, StoredFile, StoredPack } from '@pypes/contract';
import { manifestKey, PACKS, packKey, plainName } from '../blob-keys.ts';
import { createSqlFiles } from './files.ts';
import type { SqlDatabase } from './sql.ts';

export type DurableObjectPacksOptions = {
  /** Names each version; default: UUIDs. */
  readonly newId?: () => string;
};

/** Whether a pack is there is known without waiting. */
export interface DurableObjectPackStore extends PackStore {
  has(guid: string): boolean;
}

/** Removing a pack removes its memory with it, in one transaction. */
export function createDurableObjectPackStore(
  database: SqlDatabase,
  { newId = () => crypto.randomUUID() }: DurableObjectPacksOptions = {},
): DurableObjectPackStore {
  const files = createSqlFiles(database);

  function readManifest(guid: string): PackManifest | undefined {
    const bytes = files.read(manifestKey(guid));
    return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as PackManifest);
  }

  function read(guid: string): StoredPack | undefined {
    const manifest = readManifest(guid);
    if (manifest === undefined) return undefined;
    const folder = packKey(guid, 'agents/');
    const stored = files.list(folder).map((path) => ({
      filename: path.slice(folder.length),
      bytes: files.read(path) ?? new Uint8Array(),
    }));
    const revision = files.read(revisionKey(guid)) ?? new Uint8Array();
    return { manifest, files: stored, revision: new TextDecoder().decode(revision) };
  }

  function write(guid: string, manifest: PackManifest, stored: readonly StoredFile[]): void {
    const encoder = new TextEncoder();
    files.remove(packKey(guid, 'agents/'));
    for (const { filename, bytes } of stored) files.write(packKey(guid, `agents/${plainName(filename)}`), bytes);
    files.write(revisionKey(guid), encoder.encode(newId()));
    files.write(manifestKey(guid), encoder.encode(JSON.stringify(manifest)));
  }

  return {
    has: (guid) => files.list(manifestKey(guid)).length > 0,
    async put(guid, pack) {
      database.transactionSync(() => write(guid, pack.manifest, pack.files));
    },
    // Nothing is waited for while it is read, so that no put comes between two of its files.
    get: async (guid) => read(guid),
    async list() {
      const guids = new Set(files.list(PACKS).flatMap((path) => path.slice(PACKS.length).split('/')[0] ?? []));
      return [...guids].sort().flatMap((guid) => readManifest(guid) ?? []);
    },
    async remove(guid) {
      return database.transactionSync(() => {
        const existed = readManifest(guid) !== undefined;
        if (existed) files.remove(packKey(guid, ''));
        return existed;
      });
    },
  };
}

/** Beside the layout: tells one version from the next. */
function revisionKey(guid: string): string {
  return packKey(guid, 'revision');
}
