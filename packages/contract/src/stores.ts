// Where bytes live: the interfaces that storage drivers implement, each with one shared test suite.
import type { JsonObject } from './json.ts';
import type { PackManifest } from './pack.ts';
import type { Grant } from './permissions.ts';

/** One file of a stored pack. */
export type StoredFile = { readonly filename: string; readonly bytes: Uint8Array };

/** A stored pack: the whole of one version. */
export interface StoredPack {
  readonly manifest: PackManifest;
  readonly files: readonly StoredFile[];
  /** Changes with every put: tells one version from the next. */
  readonly revision: string;
  /** The folder that holds the files on this machine, where there is one. */
  readonly location?: string;
  /** What is stored may not load, and why: it is shown as a quarantined file. `files` is empty. */
  readonly refused?: { readonly filename: string; readonly error: string };
}

/** Packs, by guid. A put is atomic: readers see the old version or the new one, also after a crash. */
export interface PackStore {
  put(guid: string, pack: { readonly manifest: PackManifest; readonly files: readonly StoredFile[] }): Promise<void>;
  get(guid: string): Promise<StoredPack | undefined>;
  /** Manifests of all packs, sorted by guid. */
  list(): Promise<readonly PackManifest[]>;
  /** Removes the pack; false where there was none. */
  remove(guid: string): Promise<boolean>;
  /** Whether others may have changed the pack since it was read here; absent where nobody else writes. Cheap. */
  changed?(guid: string): boolean;
}

/**
 * Whose memory: a user's or, without one, the pack's shared memory. Each tenant has all of it anew: what one has stored
 * is not there for another, nor for calls without a tenant.
 */
export type MemoryScope = { readonly packGuid: string; readonly userGuid?: string; readonly tenant?: string };

/** Memory documents: one JSON object for each (tenant, pack, user). */
export interface MemoryStore {
  /** The document; an empty one where there is none. */
  read(scope: MemoryScope): Promise<JsonObject>;
  /**
   * Changes the document: `change` gets the newest one and returns what to store (the same object: nothing is
   * written). Updates of one scope run one after another; when the promise resolves, the change survives a crash.
   */
  update(scope: MemoryScope, change: (document: JsonObject) => JsonObject): Promise<JsonObject>;
  /** Forgets all memory of a pack, of every tenant. */
  removePack(packGuid: string): Promise<void>;
}

/** One file that a folder offers. */
export type FolderEntry = {
  /** Below the folder, with `/`. */
  readonly path: string;
  /** Changes whenever the content may have changed. */
  readonly stamp: string;
  readonly executable: boolean;
  readonly bytes: number;
};

/** An operator's folder of agent files. */
export interface AgentFolder {
  /** The pack name it goes by. */
  readonly name: string;
  /** Stable for the same folder. */
  readonly packGuid: string;
  /** Where the folder is, for people and for runtimes that import siblings. */
  readonly location: string;
  /**
   * Every file down to one level of subfolders, sorted by path. With paths, those files and what is known to
   * have changed are looked at, and the rest is taken as it was.
   */
  scan(paths?: readonly string[]): Promise<readonly FolderEntry[]>;
  /** The content; undefined where the file is gone. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Cheap: whether anything may have changed since the last scan; `path` names the file that matters most. */
  changed(path?: string): boolean;
  close(): void;
}

/** What operators granted, by pack. */
export interface GrantStore {
  get(packGuid: string): Promise<Grant | undefined>;
  put(grant: Grant): Promise<void>;
  /** False where there was none. */
  remove(packGuid: string): Promise<boolean>;
}
