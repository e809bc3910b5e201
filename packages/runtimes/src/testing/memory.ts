// Memory for tests: documents in this process, with the exclusive checkout that the contract asks for.
import { type AgentMemory, isJsonObject, type Json, type JsonObject } from '@pypes/contract';

/** All documents of a test, each with the queue of those who want it alone. */
export type TestDocuments = {
  read(scope: string): JsonObject;
  write(scope: string, document: JsonObject): void;
  /** Waits until no other chain of calls has the document; the same chain gets it again at once. */
  lock(scope: string, chain: object): Promise<void>;
  /** Gives back every document that the chain has. */
  unlock(chain: object): void;
};

export function createTestDocuments(): TestDocuments {
  const documents = new Map<string, JsonObject>();
  const locks = new Map<string, { holder: object | undefined; readonly waiting: (() => void)[] }>();
  return {
    read: (scope) => documents.get(scope) ?? {},
    write: (scope, document) => void documents.set(scope, document),
    async lock(scope, chain) {
      const lock = locks.get(scope) ?? { holder: undefined, waiting: [] };
      locks.set(scope, lock);
      while (lock.holder !== undefined && lock.holder !== chain) {
        await new Promise<void>((resolve) => lock.waiting.push(resolve));
      }
      lock.holder = chain;
    },
    unlock(chain) {
      for (const lock of locks.values()) {
        if (lock.holder !== chain) continue;
        lock.holder = undefined;
        lock.waiting.shift()?.();
      }
    },
  };
}

/** The memory of one call; `chain` is shared by the calls that it makes. */
export function createTestMemory(documents: TestDocuments, scope: string, chain: object): AgentMemory {
  const copy = (value: Json): Json => structuredClone(value) as Json;
  return {
    async get(key) {
      const document = documents.read(scope);
      return Object.hasOwn(document, key) ? copy(document[key] as Json) : undefined;
    },
    async set(key, value) {
      documents.write(scope, { ...documents.read(scope), [key]: copy(value) });
    },
    async delete(key) {
      const { [key]: old, ...rest } = documents.read(scope);
      documents.write(scope, rest);
      return old !== undefined;
    },
    async list(prefix = '') {
      return Object.keys(documents.read(scope))
        .filter((key) => key.startsWith(prefix))
        .sort();
    },
    async checkout() {
      await documents.lock(scope, chain);
      let base = documents.read(scope);
      return {
        document: base,
        async commit(document) {
          if (!isJsonObject(document)) throw new TypeError('A memory document is a JSON object');
          documents.write(scope, mergeChanges(documents.read(scope), base, document));
          base = document;
        },
      };
    },
  };
}

/** Key by key: what `next` changed against `base`, on top of `stored`. */
function mergeChanges(stored: JsonObject, base: JsonObject, next: JsonObject): JsonObject {
  const merged: { [key: string]: Json } = { ...stored };
  for (const key of Object.keys(base)) if (!Object.hasOwn(next, key)) delete merged[key];
  for (const [key, value] of Object.entries(next)) {
    if (JSON.stringify(base[key]) !== JSON.stringify(value)) merged[key] = value;
  }
  return merged;
}
