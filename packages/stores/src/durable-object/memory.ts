// Memory documents in an object's database: packs/<guid>/memory/[tenants/<tenant>/]<user_guid | shared>/memory.json.
import { isJsonObject, type JsonObject, type MemoryStore, PypesError } from '@pypes/contract';
import { documentKey, memoryKey } from '../blob-keys.ts';
import { createSqlFiles } from './files.ts';
import type { SqlDatabase } from './sql.ts';

/**
 * A document is read, changed and written without waiting in between, so that updates need no queue. The platform holds
 * back what leaves the object until the writes before it are durable.
 */
export function createDurableObjectMemoryStore(database: SqlDatabase): MemoryStore {
  const files = createSqlFiles(database);

  function read(path: string): JsonObject {
    const bytes = files.read(path);
    return bytes === undefined ? {} : parseDocument(path, bytes);
  }

  return {
    read: async (scope) => read(documentKey(scope)),
    async update(scope, change) {
      const path = documentKey(scope);
      return database.transactionSync(() => {
        const before = read(path);
        const after = change(before);
        if (after !== before) files.write(path, new TextEncoder().encode(JSON.stringify(after)));
        return after;
      });
    },
    async removePack(packGuid) {
      database.transactionSync(() => files.remove(memoryKey(packGuid)));
    },
  };
}

function parseDocument(path: string, bytes: Uint8Array): JsonObject {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new PypesError('internal', `The file "${path}" of the object is no JSON`, { cause: error });
  }
  if (isJsonObject(document)) return document;
  throw new PypesError('internal', `The file "${path}" of the object is no JSON object`);
}
