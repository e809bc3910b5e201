// The packs of a host: operators' folders, which are there from the start, and stored ones, opened when first wanted.
import {
  type AgentFolder,
  type Json,
  type JsonObject,
  type Limits,
  PACK_SCHEMA_ID,
  type PackBundle,
  type PackManifest,
  type PackStore,
  type Permissions,
  PypesError,
  parsePermissions,
  type Runtime,
  type SchemaCompiler,
  type SkippedFile,
  type StoredPack,
  toGuid,
} from '@pypes/contract';
import { createCatalog } from '../agents/catalog.ts';
import { parseBundle } from './bundle.ts';
import { contentDigest } from './content-digest.ts';
import { filesOfFolder, filesOfStoredPack } from './files.ts';
import type { Pack } from './pack.ts';
import { toBundle } from './to-bundle.ts';

/** What a deploy did. */
export type DeployResult = {
  readonly packGuid: string;
  readonly name: string;
  readonly fileCount: number;
  readonly skipped: readonly SkippedFile[];
};

/** Options of one deploy. */
export type DeployOptions = {
  /** Throws where whoever deploys may not replace this pack; gets undefined for a new one. */
  readonly authorize?: (existing: PackManifest | undefined) => void;
  /** SHA-256 (hex) of the token that the pack asks for from now on. */
  readonly tokenSha256?: string;
};

/** The packs of a host. */
export interface PackRegistry {
  /** By guid, or by the name of an operator's folder. */
  get(id: string): Promise<Pack | undefined>;
  list(): Promise<readonly Pack[]>;
  deploy(bundle: Json, options?: DeployOptions): Promise<DeployResult>;
  /**
   * A deployed pack as the bundle it came as.
   *
   * @throws PypesError `not_found`, `forbidden` for the operator's folders and for what may not load
   */
  bundle(id: string, authorize?: (existing: PackManifest) => void): Promise<PackBundle>;
  /** Removes a pack and all that was kept for it. */
  remove(id: string, authorize?: (existing: PackManifest) => void): Promise<string>;
  close(): void;
}

/** What a registry stands on. */
export type PackRegistryOptions = {
  readonly store: PackStore;
  /** Removes what was kept for a pack that is gone: memory, objects, grants. */
  readonly forget: (guid: string) => Promise<void>;
  readonly folders: readonly AgentFolder[];
  readonly runtimes: readonly Runtime[];
  readonly schemas: SchemaCompiler;
  readonly limits: Limits;
  /** Deployed packs run with the full power of their language, as the operator's folders do. */
  readonly trustDeployed: boolean;
  readonly newId: () => string;
  readonly now: () => number;
};

/** A registry; folders are listed first, in the order given, then stored packs by guid. */
export function createPackRegistry(options: PackRegistryOptions): PackRegistry {
  const { store, runtimes, limits } = options;
  const rules = {
    limits,
    languages: new Set(runtimes.flatMap(({ extensions, companions = [] }) => [...extensions, ...companions])),
  };
  const folders = options.folders.map((folder) => openFolder(folder));
  const byGuid = promisesBy(folders, (pack) => pack.guid);
  const byName = promisesBy(folders, (pack) => pack.manifest.name);
  const opened = new Map<string, Promise<Pack | undefined>>();
  let closed = false;

  function openFolder(folder: AgentFolder): Pack {
    const manifest = {
      schema: PACK_SCHEMA_ID,
      pack_guid: folder.packGuid,
      name: folder.name,
      purpose: `The agents in the folder "${folder.name}"`,
      created_at: new Date(options.now()).toISOString(),
      created_by: 'operator',
    };
    const catalog = createCatalog({ ...options, packGuid: folder.packGuid, files: filesOfFolder(folder) });
    return {
      guid: folder.packGuid,
      manifest,
      sealed: true,
      trusted: true,
      asked: {},
      catalog,
      folder: folder.location,
    };
  }

  function openStored(guid: string, pack: StoredPack): Pack {
    const trusted = options.trustDeployed;
    const limits = narrow(options.limits, pack.manifest.limits);
    const catalog = createCatalog({ ...options, limits, packGuid: guid, files: filesOfStoredPack(pack, trusted) });
    const { manifest } = pack;
    return {
      guid,
      manifest,
      sealed: manifest.sealed === true,
      trusted,
      asked: askedBy(manifest),
      contentDigest: once(() => contentDigest(pack.files)),
      catalog,
    };
  }

  function getStored(guid: string): Promise<Pack | undefined> {
    const known = opened.get(guid);
    if (known !== undefined && store.changed?.(guid) !== true) return known;
    known?.then((pack) => pack?.catalog.close()).catch(() => undefined);
    const opening = store.get(guid).then((pack) => (pack === undefined ? undefined : openStored(guid, pack)));
    opened.set(guid, opening);
    opening.then(
      (pack) => pack === undefined && opened.get(guid) === opening && opened.delete(guid),
      () => opened.get(guid) === opening && opened.delete(guid),
    );
    return opening;
  }

  /** Every call asks: no promise is made for what is open. */
  function get(id: string): Promise<Pack | undefined> {
    if (closed) {
      return Promise.reject(new PypesError('unavailable', 'The host is shutting down; try again in a moment'));
    }
    const guid = toGuid(id);
    return guid === undefined ? (byName.get(id) ?? NOTHING) : (byGuid.get(guid) ?? getStored(guid));
  }

  /** The version before goes on for the calls that are on it; new calls find the new one. */
  async function reopen(guid: string): Promise<void> {
    const before = opened.get(guid);
    opened.delete(guid);
    (await before)?.catalog.close();
  }

  return {
    get,
    async list() {
      const manifests = await store.list();
      const stored = await Promise.all(manifests.map((manifest) => getStored(manifest.pack_guid)));
      return [...folders, ...stored.filter((pack) => pack !== undefined)];
    },
    async deploy(bundle, deploy = {}) {
      const parsed = await parseBundle(bundle, rules);
      const existing = parsed.packGuid === undefined ? undefined : await get(parsed.packGuid);
      if (existing?.sealed === true) throw sealed(existing);
      deploy.authorize?.(existing?.manifest);
      const guid = parsed.packGuid ?? options.newId();
      const manifest = completeManifest(parsed.manifest, guid, existing?.manifest, deploy.tokenSha256, options.now());
      await store.put(guid, { manifest, files: parsed.files });
      await reopen(guid);
      return { packGuid: guid, name: manifest.name, fileCount: parsed.files.length, skipped: parsed.skipped };
    },
    async bundle(id, authorize) {
      const pack = await get(id);
      if (pack === undefined) throw unknownPack(id);
      authorize?.(pack.manifest);
      if (pack.folder !== undefined)
        throw notHandedOut(pack, 'it is a folder of the operator; bundle it there: pypes bundle');
      const stored = await store.get(pack.guid);
      if (stored === undefined) throw unknownPack(id);
      if (stored.refused !== undefined) throw notHandedOut(pack, stored.refused.error);
      return toBundle(stored);
    },
    async remove(id, authorize) {
      const pack = await get(id);
      if (pack === undefined) throw unknownPack(id);
      authorize?.(pack.manifest);
      if (pack.sealed) throw sealed(pack);
      await store.remove(pack.guid);
      await reopen(pack.guid);
      await options.forget(pack.guid);
      return pack.guid;
    },
    close() {
      closed = true;
      for (const pack of folders) pack.catalog.close();
      for (const opening of opened.values()) void opening.then((pack) => pack?.catalog.close());
    },
  };
}

const MEBIBYTE = 1024 * 1024;

/** A pack may ask for less than the host allows, never for more. */
function narrow(limits: Limits, asked: Json | undefined): Limits {
  const { memory_mb: memory, cpu_ms: cpu } = (asked ?? {}) as { readonly memory_mb?: Json; readonly cpu_ms?: Json };
  return {
    ...limits,
    ...(typeof memory === 'number' ? { guestBytes: Math.min(limits.guestBytes, memory * MEBIBYTE) } : {}),
    ...(typeof cpu === 'number' ? { cpuMs: Math.min(limits.cpuMs, cpu) } : {}),
  };
}

function completeManifest(
  manifest: JsonObject,
  guid: string,
  before: PackManifest | undefined,
  tokenSha256: string | undefined,
  now: number,
): PackManifest {
  const token = tokenSha256 ?? before?.token_sha256;
  return {
    ...manifest,
    schema: PACK_SCHEMA_ID,
    pack_guid: guid,
    name: textOf(manifest.name, 'unnamed pack'),
    purpose: textOf(manifest.purpose, ''),
    created_at: textOf(manifest.created_at, textOf(before?.created_at, new Date(now).toISOString())),
    created_by: textOf(manifest.created_by, ''),
    ...(token === undefined ? {} : { token_sha256: token }),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** A pack that an older host took in may ask for what there is no more: then it asks for nothing. */
function askedBy(manifest: PackManifest): Partial<Permissions> {
  try {
    return parsePermissions(manifest.permissions);
  } catch {
    return {};
  }
}

function textOf(value: Json | undefined, otherwise: string): string {
  return typeof value === 'string' && value.trim() !== '' ? value : otherwise;
}

function sealed(pack: Pack): PypesError {
  const why = pack.folder === undefined ? 'it was sealed when it was deployed' : 'it is a folder of the operator';
  return new PypesError('sealed', `The pack "${pack.manifest.name}" cannot be changed over the wire: ${why}`);
}

function unknownPack(id: string): PypesError {
  return new PypesError('not_found', `unknown pack: ${id}`);
}

function notHandedOut(pack: Pack, why: string): PypesError {
  return new PypesError('forbidden', `The files of "${pack.manifest.name}" are not handed out: ${why}`);
}

const NOTHING = Promise.resolve(undefined);

/** Folders as they are handed out; of two with one key the first. */
function promisesBy(folders: readonly Pack[], keyOf: (pack: Pack) => string): ReadonlyMap<string, Promise<Pack>> {
  return new Map(folders.toReversed().map((pack) => [keyOf(pack), Promise.resolve(pack)]));
}
