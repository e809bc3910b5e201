// Memory documents as blobs: read, changed, written where nobody else has written; else read and changed again.
import { isJsonObject, type JsonObject, type MemoryStore, PypesError } from '@pypes/contract';
import { documentKey, memoryKey } from './blob-keys.ts';
import { type ConditionalBlobs, type FoundBlob, mapSome } from './conditional-blobs.ts';

export type BlobMemoryOptions = {
  /** How often a write is tried before it is refused. Default: 40. */
  readonly tries?: number;
  readonly newId?: () => string;
  /** 0 to 1. */
  readonly random?: () => number;
  readonly sleep?: (ms: number) => Promise<void>;
};

type Change = {
  readonly apply: (document: JsonObject) => JsonObject;
  readonly done: (document: JsonObject) => void;
  readonly failed: (error: unknown) => void;
};

const TRIES = 40;
const FIRST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 500;
/** Writes that a document knows of: one whose answer was lost is found among so many later ones. */
const WRITES_KEPT = 16;
const AT_ONCE = 16;

/**
 * Updates of one document that wait in this process are written together, in order. A change is applied again, to the
 * newest document, when another process was faster: it must not depend on being called once.
 */
export function createBlobMemoryStore(blobs: ConditionalBlobs, options: BlobMemoryOptions = {}): MemoryStore {
  const { tries = TRIES, newId = () => crypto.randomUUID(), random = Math.random } = options;
  const sleep = options.sleep ?? ((ms) => new Promise((done) => setTimeout(done, ms)));
  const waiting = new Map<string, Change[]>();

  async function drain(key: string): Promise<void> {
    for (let batch = waiting.get(key); batch !== undefined && batch.length > 0; batch = waiting.get(key)) {
      waiting.set(key, []);
      try {
        await writeBatch(key, batch);
      } catch (error) {
        for (const { failed } of batch) failed(error);
      }
    }
    waiting.delete(key);
  }

  async function writeBatch(key: string, batch: readonly Change[]): Promise<void> {
    for (let count = 1; ; count++) {
      const found = await blobs.get(key);
      const stored = documentOf(found, key);
      const outcomes = applyAll(stored, batch);
      const result = outcomes.document;
      if (result === stored || (await write(key, found, result))) return outcomes.settle();
      if (count === tries) {
        throw new PypesError('conflict', `The memory was changed by others ${tries} times in a row; try again`);
      }
      await sleep(random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** count));
    }
  }

  /** False where somebody else was faster. */
  async function write(key: string, before: FoundBlob | undefined, document: JsonObject): Promise<boolean> {
    const id = newId();
    const note = [id, ...writesOf(before)].slice(0, WRITES_KEPT).join(' ');
    const bytes = new TextEncoder().encode(`${JSON.stringify(document)}\n`);
    const condition = before === undefined ? 'absent' : { etag: before.etag };
    const blob = { bytes, type: 'application/json', note };
    const written = await blobs.put(key, blob, condition).catch((error: unknown) => ({ error }));
    if (written !== 'refused' && 'etag' in written) return true;
    // An answer can be lost, the write done: then the document, or a later one, knows of it.
    if (writesOf(await blobs.get(key)).includes(id)) return true;
    if (written !== 'refused') throw written.error;
    return false;
  }

  return {
    async read(scope) {
      const key = documentKey(scope);
      return documentOf(await blobs.get(key), key);
    },
    update(scope, apply) {
      const key = documentKey(scope);
      return new Promise((done, failed) => {
        const queue = waiting.get(key);
        if (queue !== undefined) {
          queue.push({ apply, done, failed });
          return;
        }
        waiting.set(key, [{ apply, done, failed }]);
        void drain(key);
      });
    },
    async removePack(packGuid) {
      const entries = await blobs.list(memoryKey(packGuid));
      await mapSome(entries, AT_ONCE, ({ key }) => blobs.delete(key));
    },
  };
}

/** Every change on what the one before has left. One that throws fails alone. */
function applyAll(stored: JsonObject, batch: readonly Change[]) {
  let document = stored;
  const settlements = batch.map(({ apply, done, failed }) => {
    try {
      const result = apply(document);
      document = result;
      return () => done(result);
    } catch (error) {
      return () => failed(error);
    }
  });
  return {
    document,
    settle: () => {
      for (const settle of settlements) settle();
    },
  };
}

function writesOf(blob: FoundBlob | undefined): readonly string[] {
  return blob === undefined || blob.note === '' ? [] : blob.note.split(' ');
}

function documentOf(blob: FoundBlob | undefined, key: string): JsonObject {
  if (blob === undefined) return {};
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(blob.bytes));
  } catch (error) {
    throw new PypesError('internal', `The blob "${key}" is no JSON; repair it or move it away`, { cause: error });
  }
  if (isJsonObject(document)) return document;
  throw new PypesError('internal', `The blob "${key}" is no JSON object; repair it or move it away`);
}
