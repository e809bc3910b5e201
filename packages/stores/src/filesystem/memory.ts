// Memory documents on a disk: packs/<guid>/memory/[tenants/<tenant>/]<user_guid | shared>/memory.json (spec 2).
import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isJsonObject, type JsonObject, type MemoryScope, type MemoryStore, PypesError } from '@pypes/contract';
import { replaceFile } from './atomic.ts';
import { diskError, isMissing } from './errors.ts';
import { checkedGuid, tenantFolder } from './scope.ts';

type Change = {
  readonly apply: (document: JsonObject) => JsonObject;
  readonly done: (document: JsonObject) => void;
  readonly failed: (error: unknown) => void;
};

/**
 * The memory below `<root>/packs`. Updates of one document that wait for the disk are written together, in order, by
 * one flush; each one's promise resolves when that flush is done.
 */
export function createFilesystemMemoryStore(root: string): MemoryStore {
  const waiting = new Map<string, Change[]>();

  async function drain(path: string): Promise<void> {
    for (let batch = waiting.get(path); batch !== undefined && batch.length > 0; batch = waiting.get(path)) {
      waiting.set(path, []);
      await writeBatch(path, batch);
    }
    waiting.delete(path);
  }

  return {
    read: (scope) => readDocument(pathOf(root, scope)),
    update(scope, apply) {
      const path = pathOf(root, scope);
      return new Promise((done, failed) => {
        const queue = waiting.get(path);
        if (queue !== undefined) {
          queue.push({ apply, done, failed });
          return;
        }
        waiting.set(path, [{ apply, done, failed }]);
        void drain(path);
      });
    },
    async removePack(packGuid) {
      const folder = join(root, 'packs', checkedGuid(packGuid), 'memory');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Applies every change to the newest document and writes once. A change that throws fails alone. */
async function writeBatch(path: string, batch: readonly Change[]): Promise<void> {
  const applied: { readonly change: Change; readonly result: JsonObject }[] = [];
  try {
    const stored = await readDocument(path);
    let document = stored;
    for (const change of batch) {
      try {
        document = change.apply(document);
        applied.push({ change, result: document });
      } catch (error) {
        change.failed(error);
      }
    }
    if (document !== stored) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await replaceFile(path, `${JSON.stringify(document)}\n`);
    }
  } catch (error) {
    const failure = error instanceof PypesError ? error : diskError('store the memory', error);
    for (const change of batch) change.failed(failure);
    return;
  }
  for (const { change, result } of applied) change.done(result);
}

async function readDocument(path: string): Promise<JsonObject> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return {};
    throw diskError('read the memory', error);
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new PypesError('internal', `The memory file ${path} is no JSON; repair it or move it away`, { cause: error });
  }
  if (!isJsonObject(document)) {
    throw new PypesError('internal', `The memory file ${path} is no JSON object; repair it or move it away`);
  }
  return document;
}

function pathOf(root: string, scope: MemoryScope): string {
  const user = scope.userGuid === undefined ? 'shared' : checkedGuid(scope.userGuid);
  return join(root, 'packs', checkedGuid(scope.packGuid), 'memory', tenantFolder(scope.tenant), user, 'memory.json');
}
