// The catalog of one pack: its agents by name, kept true to its files without a restart (spec 1, discovery).
import {
  type FolderEntry,
  type Limits,
  type QuarantinedFile,
  type Runtime,
  type SchemaCompiler,
  type ShadowedAgent,
  toToolAliases,
} from '@pypes/contract';
import type { PackFiles } from '../packs/files.ts';
import { type AgentEntry, createAgentEntry } from './agent-entry.ts';
import { digestOf, type FileVersion, loadFileVersion, refuseFile } from './file-version.ts';
import { runtimeOf } from './language.ts';

/** What a pack offers at one moment. */
export type CatalogView = {
  readonly agents: ReadonlyMap<string, AgentEntry>;
  /** Exported functions of components by their whole names; two versions of one interface stay apart. */
  readonly byWit: ReadonlyMap<string, AgentEntry>;
  /** Sorted. */
  readonly names: readonly string[];
  readonly quarantined: readonly QuarantinedFile[];
  readonly shadowed: readonly ShadowedAgent[];
};

/** The live catalog of one pack. */
export interface Catalog {
  /** The pack as its files are now. */
  view(): Promise<CatalogView>;
  /** One agent as its file is now, held until it is released; at once where nothing changed. */
  acquire(name: string): HeldAgent | undefined | Promise<HeldAgent | undefined>;
  /**
   * Takes part in a chain of calls: until the returned function is called, the catalog stays as open as it is.
   * Undefined where the catalog was closed: a newer version of the pack has taken its place.
   */
  hold(): (() => void) | undefined;
  /** Lets go of every file when the last chain of calls has ended. */
  close(): void;
}

/** An agent that cannot be closed before it is released. */
export type HeldAgent = { readonly entry: AgentEntry; readonly release: () => void };

/** What a catalog needs. */
export type CatalogOptions = {
  readonly packGuid: string;
  readonly files: PackFiles;
  readonly runtimes: readonly Runtime[];
  readonly schemas: SchemaCompiler;
  readonly limits: Limits;
};

const LOADED_AT_ONCE = 64;
const MOST_ROUNDS = 3;
/** Stands for all files; no file has an empty path. */
const EVERYTHING = '';

/** A catalog over the files of one pack; nothing is read before the first question. */
export function createCatalog(options: CatalogOptions): Catalog {
  const { files } = options;
  let known = new Map<string, KnownFile>();
  let current: CatalogView | undefined;
  let refreshing: Promise<void> | undefined;
  /** What the next refresh has to look at. */
  const wanted = new Set<string>();
  /** Files that the refresh under way found changed, and has not loaded yet. */
  const changing = new Set<string>();
  let scanning: Promise<void> | undefined;
  /** Files that a call has just looked at: those that begin together, after their requests were read, share the look. */
  let lookedAt: Set<string> | undefined;
  let closed = false;
  let holds = 0;

  async function refresh(paths?: readonly string[]): Promise<void> {
    const entries = await scan(paths);
    if (changing.size === 0 && current !== undefined) return;
    const next: typeof known = new Map();
    for (let start = 0; start < entries.length; start += LOADED_AT_ONCE) {
      await Promise.all(entries.slice(start, start + LOADED_AT_ONCE).map((entry) => refreshFile(entry, next)));
    }
    for (const [path, { version }] of known) if (next.get(path)?.version !== version) version?.retire();
    known = next;
    changing.clear();
    current = toView(versionsOf(known).sort(byPath), options.schemas);
  }

  /** From the moment in which the folder knows of a change, calls of that file wait until its new version is there. */
  async function scan(paths?: readonly string[]) {
    const listed = files.list(paths);
    scanning = listed.then(
      () => undefined,
      () => undefined,
    );
    const entries = await listed;
    scanning = undefined;
    const stamps = new Map(entries.map(({ path, stamp }) => [path, stamp]));
    for (const [path, stamp] of stamps) if (known.get(path)?.stamp !== stamp) changing.add(path);
    for (const [path, { version }] of known) if (!stamps.has(path) || isWaiting(version)) changing.add(path);
    return entries;
  }

  /** Whether what is known of a file (of all files) is what is there. */
  function isFresh(path?: string): boolean {
    if (current === undefined || scanning !== undefined || files.changed(path)) return false;
    return path === undefined ? changing.size === 0 : !changing.has(path);
  }

  /** The same for a call. What is known holds for what waits to run now, not for what comes after it. */
  function isFreshForCall(path: string): boolean {
    if (lookedAt?.has(path) === true && scanning === undefined) return !changing.has(path);
    if (!isFresh(path)) return false;
    if (lookedAt === undefined) {
      lookedAt = new Set();
      queueMicrotask(() => {
        lookedAt = undefined;
      });
    }
    lookedAt.add(path);
    return true;
  }

  async function refreshFile(entry: FolderEntry, next: typeof known): Promise<void> {
    const before = known.get(entry.path);
    if (before?.stamp === entry.stamp && !isWaiting(before.version)) {
      next.set(entry.path, before);
      return;
    }
    const runtime = runtimeOf(entry, options.runtimes, files.trusted);
    if (runtime === undefined) {
      next.set(entry.path, { stamp: entry.stamp });
      return;
    }
    let bytes: Uint8Array | undefined;
    try {
      bytes = await files.read(entry.path);
    } catch (error) {
      next.set(entry.path, { stamp: entry.stamp, version: refuseFile(entry, error) });
      return;
    }
    if (bytes === undefined) return;
    const kept = isWaiting(before?.version) ? undefined : before?.version;
    const isSame = kept !== undefined && kept.digest === (await digestOf(bytes));
    const version = isSame ? kept : await loadFileVersion(entry, bytes, { ...options, runtime });
    next.set(entry.path, { stamp: entry.stamp, version });
  }

  /** One refresh at a time, for all the files that calls wait for; those of a refresh under way wait for the next. */
  function refreshWanted(): Promise<void> {
    const paths = wanted.has(EVERYTHING) ? undefined : [...wanted];
    wanted.clear();
    return begin(paths);
  }

  function begin(paths: readonly string[] | undefined): Promise<void> {
    refreshing = refresh(paths).finally(() => {
      refreshing = undefined;
    });
    return refreshing;
  }

  /** Files that never stop changing get a few rounds, not an endless wait. */
  async function view(path = EVERYTHING): Promise<CatalogView> {
    const file = path === EVERYTHING ? undefined : path;
    for (let round = 0; round < MOST_ROUNDS && !isFresh(file); ) {
      wanted.add(path);
      if (refreshing !== undefined) {
        await (scanning ?? refreshing);
        continue;
      }
      round += 1;
      await refreshWanted();
    }
    return current ?? EMPTY;
  }

  function find(name: string): AgentEntry | undefined {
    return current?.agents.get(name) ?? current?.byWit.get(name);
  }

  /** An agent whose file may have changed: that file is looked at; an unknown name: all of them are. */
  async function acquireAnew(name: string): Promise<HeldAgent | undefined> {
    await view(find(name)?.version.path);
    if (find(name) === undefined) await rescan();
    // Held in the same turn in which it is found, so that no refresh can close it in between.
    return holdAgent(find(name));
  }

  /** A look that begins now: one that is under way may have passed a file before it changed. */
  async function rescan(): Promise<void> {
    if (!files.trusted && !current?.quarantined.some(({ code }) => code === 'unavailable')) return;
    await refreshing;
    await (refreshing ?? begin(undefined));
  }

  function closeWhenIdle(): void {
    if (!closed || holds > 0) return;
    files.close();
    for (const version of versionsOf(known)) version.retire();
  }

  return {
    async view() {
      if (current !== undefined) await rescan();
      return view();
    },
    acquire(name) {
      const entry = find(name);
      if (entry !== undefined && isFreshForCall(entry.version.path)) return holdAgent(entry);
      return acquireAnew(name);
    },
    hold() {
      if (closed) return undefined;
      holds += 1;
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        holds -= 1;
        closeWhenIdle();
      };
    },
    close() {
      closed = true;
      closeWhenIdle();
    },
  };
}

/** A file as it was last looked at; without a version where no runtime takes it. */
type KnownFile = { readonly stamp: string; readonly version?: FileVersion };

const versionsOf = (known: ReadonlyMap<string, KnownFile>): FileVersion[] =>
  [...known.values()].flatMap(({ version }) => (version === undefined ? [] : [version]));

const EMPTY: CatalogView = { agents: new Map(), byWit: new Map(), names: [], quarantined: [], shadowed: [] };

/** Nothing is wrong with the file: what loads its language could not be reached, and is tried again. */
function isWaiting(version: FileVersion | undefined): boolean {
  return version?.error?.code === 'unavailable';
}

function holdAgent(entry: AgentEntry | undefined): HeldAgent | undefined {
  return entry === undefined ? undefined : { entry, release: entry.version.hold() };
}

function byPath(a: FileVersion, b: FileVersion): number {
  return a.path < b.path ? -1 : 1;
}

/** Two agents of one name: the later file in sort order wins, the other one is reported. */
function toView(versions: readonly FileVersion[], schemas: SchemaCompiler): CatalogView {
  const winners = new Map<string, { readonly version: FileVersion; readonly index: number }>();
  const shadowed: ShadowedAgent[] = [];
  for (const version of versions) {
    version.agents.forEach(({ metadata: { name } }, index) => {
      const before = winners.get(name);
      if (before !== undefined) shadowed.push({ name, filename: before.version.path, by: version.path });
      winners.set(name, { version, index });
    });
  }
  const aliases = toToolAliases(winners.keys());
  const agents = new Map<string, AgentEntry>();
  for (const name of [...winners.keys()].sort()) {
    const { version, index } = winners.get(name) as { version: FileVersion; index: number };
    const loaded = version.agents[index];
    if (loaded !== undefined) agents.set(name, createAgentEntry(loaded, version, aliases.get(name) ?? name, schemas));
  }
  return {
    agents,
    byWit: byWitOf(versions, agents, schemas),
    names: [...agents.keys()],
    quarantined: versions.flatMap(({ error }) => (error === undefined ? [] : [error])),
    shadowed,
  };
}

/** A function whose short name another agent has is still there under its whole one. */
function byWitOf(
  versions: readonly FileVersion[],
  agents: ReadonlyMap<string, AgentEntry>,
  schemas: SchemaCompiler,
): ReadonlyMap<string, AgentEntry> {
  const found = new Map<string, AgentEntry>();
  for (const version of versions) {
    for (const loaded of version.agents) {
      const { wit, name } = loaded.metadata;
      if (typeof wit !== 'string') continue;
      const known = agents.get(name);
      found.set(wit, known?.loaded === loaded ? known : createAgentEntry(loaded, version, name, schemas));
    }
  }
  return found;
}
