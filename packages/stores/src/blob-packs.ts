// Packs as blobs: the files of a revision first, then one conditional write of the manifest, which one of many writers wins.
//
//   packs/<guid>/revisions/<revision>/agents/<filename>     written first, never changed
//   packs/<guid>/manifest.json                              names the revision; written where nobody else has: the commit
import {
  type PackManifest,
  type PackStore,
  PypesError,
  type StoredFile,
  type StoredPack,
  toGuid,
} from '@pypes/contract';
import { manifestKey, PACKS } from './blob-keys.ts';
import { parseManifest, type StoredManifest, toManifestBytes } from './blob-manifest.ts';
import { deleteOldRevisions, deleteRevision, readRevision, writeRevision } from './blob-revisions.ts';
import { createSightings, isRecent } from './blob-sightings.ts';
import { type ConditionalBlobs, mapSome } from './conditional-blobs.ts';

/** A pack store that several processes write to. */
export interface SharedPackStore extends PackStore {
  /** Whether the pack was changed by others, as far as is known here; looks in the background once that is old. */
  changed(guid: string): boolean;
  /**
   * Looks whether others have changed the pack since it was read here, unless that is known and no older than
   * `mostAgeMs`; then {@link changed} says it.
   *
   * @throws PypesError `unavailable` where the place does not answer
   */
  refresh(guid: string, mostAgeMs?: number): Promise<void>;
}

export type BlobPackOptions = {
  /** How old what is known of a pack may be before it is looked at again. Default: 0, which is always. */
  readonly mostAgeMs?: number;
  /** How long files that were replaced stay, and those of a deploy that has not ended. Default: an hour. */
  readonly keepMs?: number;
  /** Told what could not be cleaned away; the next deploy tries again. */
  readonly onLeftover?: (error: unknown) => void;
  /** Milliseconds. The time of day by default: an instance that was frozen has to notice. */
  readonly now?: () => number;
  readonly newId?: () => string;
};

const KEEP_MS = 3_600_000;
/** What takes longer may find that its first files are gone. */
const LONGEST_UPLOAD_MS = KEEP_MS / 3;
const AT_ONCE = 16;
const TRIES = 4;

/**
 * A put replaces what this process has seen of the pack last, or makes a new pack where it has seen none: whoever wrote
 * in between keeps what they wrote, and the put is refused with `conflict`.
 */
export function createBlobPackStore(blobs: ConditionalBlobs, options: BlobPackOptions = {}): SharedPackStore {
  const { keepMs = KEEP_MS, now = Date.now, newId = () => crypto.randomUUID() } = options;
  const onLeftover = options.onLeftover ?? (() => undefined);
  const { mostAgeMs = 0 } = options;
  const sightings = createSightings({ blobs, mostAgeMs, now });
  let listing: { readonly at: number; readonly manifests: Promise<readonly PackManifest[]> } | undefined;
  const queues = new Map<string, Promise<unknown>>();

  /** Changes of one pack by this process run one after another. */
  function inTurn<T>(guid: string, change: () => Promise<T>): Promise<T> {
    listing = undefined;
    const forget = () => {
      listing = undefined;
      if (queues.get(guid) === settled) queues.delete(guid);
    };
    const turn = (queues.get(guid) ?? Promise.resolve()).then(change, change);
    const settled: Promise<unknown> = turn.then(forget, forget);
    queues.set(guid, settled);
    return turn;
  }

  async function readManifest(guid: string): Promise<(StoredManifest & { readonly etag: string }) | undefined> {
    const key = manifestKey(guid);
    const found = await blobs.get(key);
    return found && { ...parseManifest(found.bytes, key), etag: found.etag };
  }

  /** The etag of the manifest that was written; undefined where somebody else was faster. */
  async function commit(guid: string, stored: StoredManifest): Promise<string | undefined> {
    const key = manifestKey(guid);
    const base = sightings.etagOf(guid);
    const condition = base === undefined ? 'absent' : { etag: base };
    const bytes = toManifestBytes(stored);
    for (let tries = 1; ; tries++) {
      const written = await blobs
        .put(key, { bytes, type: 'application/json' }, condition)
        .catch((error) => ({ error }));
      if (written !== 'refused' && 'etag' in written) return written.etag;
      // An answer can be lost, the write done: then the manifest is ours.
      const found = await readManifest(guid);
      if (found?.revision === stored.revision) return found.etag;
      if (written !== 'refused') throw written.error;
      if (found?.etag !== base || tries === TRIES) return undefined;
    }
  }

  async function put(guid: string, manifest: PackManifest, files: readonly StoredFile[]): Promise<void> {
    const revision = newId();
    const began = now();
    const entries = await writeRevision(blobs, guid, revision, files);
    if (now() - began > LONGEST_UPLOAD_MS) {
      throw new PypesError('unavailable', `The files of the pack ${guid} took too long to store; deploy it again`);
    }
    const etag = await commit(guid, { manifest, revision, files: entries });
    if (etag === undefined) {
      sightings.suspect(guid);
      await deleteRevision(blobs, guid, revision, entries).catch(onLeftover);
      throw conflict(guid, 'deployed');
    }
    sightings.saw(guid, etag);
    await deleteOldRevisions(blobs, guid, revision, keepMs).catch(onLeftover);
  }

  async function get(guid: string): Promise<StoredPack | undefined> {
    for (let tries = 1; ; tries++) {
      const asked = now();
      const found = await readManifest(guid);
      if (found === undefined) {
        sightings.forget(guid);
        return undefined;
      }
      const { manifest, revision, etag } = found;
      const files = await readRevision(blobs, guid, revision, found.files);
      if (files !== undefined) {
        sightings.saw(guid, etag, asked);
        return { manifest, files, revision };
      }
      // Replaced and cleaned away while it was read: read the one that took its place.
      if (tries < TRIES && (await blobs.etagOf(manifestKey(guid))) !== etag) continue;
      throw new PypesError('internal', `The pack ${guid} lacks files of its revision ${revision}; deploy it again`);
    }
  }

  async function remove(guid: string): Promise<boolean> {
    const found = await readManifest(guid);
    if (found === undefined) {
      sightings.forget(guid);
      return false;
    }
    const base = sightings.etagOf(guid) ?? found.etag;
    const isGone =
      base === found.etag &&
      ((await blobs.delete(manifestKey(guid), base)) || (await blobs.etagOf(manifestKey(guid))) === undefined);
    if (!isGone) {
      sightings.suspect(guid);
      throw conflict(guid, 'removed');
    }
    sightings.forget(guid);
    await deleteRevision(blobs, guid, found.revision, found.files).catch(onLeftover);
    await deleteOldRevisions(blobs, guid, undefined, keepMs).catch(onLeftover);
    return true;
  }

  async function list(): Promise<readonly PackManifest[]> {
    const guids = (await blobs.folders(PACKS)).filter((name) => toGuid(name) === name).sort();
    const manifests = await mapSome(guids, AT_ONCE, async (guid) => {
      const found = await readManifest(guid);
      sightings.compare(guid, found?.etag);
      return found?.manifest;
    });
    return manifests.filter((manifest) => manifest !== undefined);
  }

  return {
    put: (guid, pack) => inTurn(guid, () => put(guid, pack.manifest, pack.files)),
    get: (guid) => sightings.during(guid, () => get(guid)),
    remove: (guid) => inTurn(guid, () => remove(guid)),
    /** Whoever asks again at once, and many do who look whether the service is well, gets the same list. */
    list() {
      const at = now();
      if (listing === undefined || !isRecent(at - listing.at, mostAgeMs)) {
        const own = { at, manifests: list() };
        listing = own;
        own.manifests.catch(() => {
          if (listing === own) listing = undefined;
        });
      }
      return listing.manifests;
    },
    changed: (guid) => sightings.changed(guid),
    refresh: (guid, mostAgeMs) => sightings.refresh(guid, mostAgeMs),
  };
}

function conflict(guid: string, what: string): PypesError {
  return new PypesError(
    'conflict',
    `The pack ${guid} was changed by somebody else while it was being ${what} here; theirs counts, nothing of this was kept. Look at it, and try again`,
    { details: { pack_guid: guid } },
  );
}
