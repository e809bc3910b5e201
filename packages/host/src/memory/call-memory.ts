// The memory that one call sees: the JSON document of its (pack, user), by key or taken out whole (spec 1, spec 2).
import {
  type AgentMemory,
  fitsJsonSize,
  type Json,
  type JsonObject,
  type MemoryScope,
  type MemoryStore,
  PypesError,
} from '@pypes/contract';
import type { Locks } from './locks.ts';

/** What the memory of a call stands on. */
export type CallMemoryOptions = {
  readonly store: MemoryStore;
  readonly locks: Locks;
  readonly scope: MemoryScope;
  /** The outermost call's id: calls that it makes share what it has taken out. */
  readonly chain: string;
  readonly signal: () => AbortSignal;
  readonly mostBytes: number;
  /** Told what to give back when the call has ended. */
  readonly onEnd: (release: () => void) => void;
};

/** Keys that begin so belong to the host. */
const RESERVED = '$';

/** The memory of one call. */
export function createCallMemory(options: CallMemoryOptions): AgentMemory {
  const { store, scope } = options;

  function update(change: (document: JsonObject) => JsonObject): Promise<JsonObject> {
    return store.update(scope, (document) => {
      const next = change(document);
      if (next === document || fitsJsonSize(next, options.mostBytes)) return next;
      throw new PypesError('resource_exhausted', `The memory of this user would pass ${options.mostBytes} bytes`, {
        details: { limit: 'memory_bytes', maximum: options.mostBytes },
      });
    });
  }

  return {
    async get(key) {
      const document = await store.read(scope);
      return key.startsWith(RESERVED) || !Object.hasOwn(document, key) ? undefined : document[key];
    },
    async set(key, value) {
      checkKey(key);
      await update((document) => ({ ...document, [key]: value }));
    },
    async delete(key) {
      checkKey(key);
      let existed = false;
      await update((document) => {
        existed = Object.hasOwn(document, key);
        return existed ? without(document, key) : document;
      });
      return existed;
    },
    async list(prefix = '') {
      const keys = Object.keys(await store.read(scope));
      return keys.filter((key) => key.startsWith(prefix) && !key.startsWith(RESERVED)).sort();
    },
    async checkout() {
      const key = `${scope.packGuid}/${scope.userGuid ?? 'shared'}`;
      options.onEnd(await options.locks.acquire(key, options.chain, options.signal()));
      let base = await store.read(scope);
      return {
        document: base,
        async commit(document) {
          const changes = difference(base, document);
          if (changes.size > 0) await update((current) => withChanges(current, changes));
          base = document;
        },
      };
    },
  };
}

function checkKey(key: string): void {
  if (!key.startsWith(RESERVED)) return;
  throw new PypesError('invalid_input', `The memory key "${key}" begins with "${RESERVED}", such keys are the host's`);
}

function without(document: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([other]) => other !== key));
}

/** What to write over the newest document: a value, or undefined for a key that is gone. */
function difference(before: JsonObject, after: JsonObject): ReadonlyMap<string, Json | undefined> {
  const changes = new Map<string, Json | undefined>();
  for (const [key, value] of Object.entries(after)) {
    if (!Object.hasOwn(before, key) || JSON.stringify(before[key]) !== JSON.stringify(value)) changes.set(key, value);
  }
  for (const key of Object.keys(before)) if (!Object.hasOwn(after, key)) changes.set(key, undefined);
  return changes;
}

function withChanges(document: JsonObject, changes: ReadonlyMap<string, Json | undefined>): JsonObject {
  const kept = Object.entries(document).filter(([key]) => !changes.has(key));
  const added = [...changes].filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return Object.fromEntries([...kept, ...added]);
}
