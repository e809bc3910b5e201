// The memory that one call sees: the JSON document of its (pack, user), by key or taken out whole (spec 1, spec 2).
import {
  type AgentMemory,
  fitsJsonSize,
  type Json,
  type JsonObject,
  type MemoryCheckout,
  type MemoryScope,
  type MemoryStore,
  PypesError,
} from '@pypes/contract';
import {
  allLabels,
  type FieldLabels,
  joinLabels,
  LABELS_KEY,
  type Labels,
  labelsOfDocument,
  labelsOfKey,
  NO_LABELS,
  withKeyLabels,
} from '@pypes/guard';
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
const NO_FIELDS: FieldLabels = new Map();

/** A document that was taken out, with the labels of its keys. */
export interface LabelledCheckout extends MemoryCheckout {
  readonly fields: FieldLabels;
  commit(document: JsonObject, labels?: Labels): Promise<void>;
}

/** The memory of one call. What is written carries the labels that are given, and comes out with them. */
export interface CallMemory extends AgentMemory {
  /** A value with its labels. */
  read(key: string): Promise<{ readonly value: Json | undefined; readonly fields: FieldLabels }>;
  /** Keys, with the labels of all that they stand for: who chose a value may have chosen its name. */
  names(prefix?: string): Promise<{ readonly keys: readonly string[]; readonly fields: FieldLabels }>;
  set(key: string, value: Json, labels?: Labels): Promise<void>;
  checkout(): Promise<LabelledCheckout>;
}

/** The memory of one call. */
export function createCallMemory(options: CallMemoryOptions): CallMemory {
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

  async function read(key: string) {
    const document = await store.read(scope);
    if (key.startsWith(RESERVED) || !Object.hasOwn(document, key)) return { value: undefined, fields: NO_FIELDS };
    return { value: document[key], fields: labelsOfKey(document, key) };
  }

  async function names(prefix = '') {
    const document = await store.read(scope);
    const keys = Object.keys(document).filter((key) => key.startsWith(prefix) && !key.startsWith(RESERVED));
    if (!Object.hasOwn(document, LABELS_KEY)) return { keys: keys.sort(), fields: NO_FIELDS };
    const labels = keys.reduce((all, key) => joinLabels(all, allLabels(labelsOfKey(document, key))), NO_LABELS);
    return { keys: keys.sort(), fields: labels.size === 0 ? NO_FIELDS : new Map([['', labels]]) };
  }

  return {
    read,
    names,
    get: async (key) => (await read(key)).value,
    async set(key, value, labels = NO_LABELS) {
      checkKey(key);
      await update((document) => withKeyLabels(document, { ...document, [key]: value }, labels, undefined, [key]));
    },
    async delete(key) {
      checkKey(key);
      let existed = false;
      await update((document) => {
        existed = Object.hasOwn(document, key);
        return existed ? withKeyLabels(document, without(document, key), NO_LABELS) : document;
      });
      return existed;
    },
    list: async (prefix) => (await names(prefix)).keys,
    async checkout() {
      const key = JSON.stringify([scope.tenant ?? null, scope.packGuid, scope.userGuid ?? null]);
      options.onEnd(await options.locks.acquire(key, options.chain, options.signal()));
      const whole = await store.read(scope);
      let base = withoutLabels(whole);
      return {
        document: base,
        fields: labelsOfDocument(whole),
        async commit(given, labels = NO_LABELS) {
          const document = withoutLabels(given);
          const changes = difference(base, document);
          if (changes.size > 0) {
            const changed = [...changes.keys()];
            await update((now) => withKeyLabels(now, withChanges(now, changes), labels, undefined, changed));
          }
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

/** What a guest gets: the labels of its keys are the host's. */
function withoutLabels(document: JsonObject): JsonObject {
  return Object.hasOwn(document, LABELS_KEY) ? without(document, LABELS_KEY) : document;
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
