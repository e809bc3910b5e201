// An operator's folder of agent files: what is in it, and a cheap way to know that something changed.
import { createHash } from 'node:crypto';
import { type FSWatcher, opendirSync, type Stats, statSync, watch } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type AgentFolder, type FolderEntry, PypesError } from '@pypes/contract';
import { isMissing, isOutOfReach } from './errors.ts';

/** Looks at time stamps between two turns: under a millisecond of them. */
const LOOKED_AT_ONCE = 256;
const QUIET = { throwIfNoEntry: false } as const;

/** A folder that sends notifications: which one it was when they were asked for. */
type WatchedFolder = { readonly watcher: FSWatcher; readonly inode: number | undefined };

/**
 * A folder and one level of subfolders. Changes are noticed in two ways: the system's file notifications, and a look
 * at the time stamps of the folders and of the file that is asked for. The folder may go and come back, and another one
 * may take its place. What cannot be reached (a link that leads nowhere or round in a circle, a subfolder that may not
 * be read) is passed over.
 *
 * @throws PypesError `invalid_request` where the folder does not exist, or may not be read
 */
export function createAgentFolder(path: string): AgentFolder {
  const location = resolve(path);
  checkFolder(path, location);
  const watchers = new Map<string, WatchedFolder>();
  let folders = new Map<string, string>();
  let entries = new Map<string, FolderEntry>();
  let sorted: readonly FolderEntry[] | undefined;
  /** What the system said of each file. */
  let facts = new Map<string, Stats>();
  /** What notifications named since the last scan; undefined: anything may have changed. */
  let dirty: Set<string> | undefined;

  /** Notifications are of the folder that was there when they were asked for, not of one that took its place. */
  function watchFolder(folder: string): void {
    const place = join(location, folder);
    const inode = statNow(place)?.ino;
    if (watchers.get(folder)?.inode === inode) return;
    unwatch(folder);
    try {
      const watcher = watch(place, (_event, name) => {
        if (name === null) dirty = undefined;
        else dirty?.add(folder === '' ? name : `${folder}/${name}`);
        if (name === basename(place)) lookAnew(folder);
      });
      watcher.on('error', () => unwatch(folder));
      watcher.unref();
      watchers.set(folder, { watcher, inode });
    } catch {
      // No notifications here (a network disk, too many watches): `changed` then looks at every folder's time stamp.
    }
  }

  function unwatch(folder: string): void {
    watchers.get(folder)?.watcher.close();
    watchers.delete(folder);
  }

  /** A notification with the folder's own name: it was moved or removed (or has a file of that name). */
  function lookAnew(folder: string): void {
    unwatch(folder);
    dirty = undefined;
  }

  /** Whether every folder tells of its changes; one that is gone tells nothing. */
  function isWatched(): boolean {
    return folders.size > 0 && watchers.size >= folders.size;
  }

  function hasOtherFolders(): boolean {
    if (folders.size === 0) return stampNow(location) !== undefined;
    return [...folders].some(([folder, stamp]) => stampNow(join(location, folder)) !== stamp);
  }

  /**
   * Whether every file and folder is as it was: a look at each time stamp, far cheaper than listing them again, in
   * slices that let others have their turn. Where a folder sends no notifications it may be far away: then it is listed.
   */
  async function isUnchanged(): Promise<boolean> {
    if (dirty === undefined || dirty.size > 0 || !isWatched() || hasOtherFolders()) return false;
    let looks = 0;
    for (const [path, before] of facts) {
      if (++looks % LOOKED_AT_ONCE === 0) await new Promise((turn) => setImmediate(turn));
      if (!isSame(before, statNow(`${location}/${path}`))) return false;
    }
    return dirty !== undefined && dirty.size === 0;
  }

  async function scanAll(): Promise<void> {
    dirty = new Set();
    const found = await listFolder(location);
    ({ folders, facts } = found);
    sorted = undefined;
    entries = new Map(found.entries.map((entry) => [entry.path, entry]));
    for (const folder of folders.keys()) watchFolder(folder);
    for (const folder of watchers.keys()) if (!folders.has(folder)) unwatch(folder);
  }

  /** Looks again at the named files alone; false where that is not enough, because a folder came or went. */
  async function scanSome(paths: ReadonlySet<string>): Promise<boolean> {
    if (paths.size > 0) sorted = undefined;
    for (const path of paths) {
      if (folders.has(path)) return false;
      const found = await stat(join(location, path)).catch(passOver);
      if (found?.isDirectory() === true && !path.includes('/') && !isSkipped(path)) return false;
      const isListed = found?.isFile() === true && isWithin(path, folders);
      if (isListed) {
        entries.set(path, toEntry(path, found));
        facts.set(path, found);
      } else {
        entries.delete(path);
        facts.delete(path);
      }
    }
    return true;
  }

  return {
    name: basename(location),
    packGuid: guidOf(location),
    location,
    async scan(paths) {
      if (paths === undefined || dirty === undefined || !isWatched()) {
        if (!(await isUnchanged())) await scanAll();
      } else {
        const named = new Set([...dirty, ...paths]);
        dirty = new Set();
        if (!(await scanSome(named))) await scanAll();
      }
      sorted ??= [...entries.values()].sort(byPath);
      return sorted;
    },
    async read(path) {
      const bytes = await readFile(join(location, path)).catch(ignoreMissing);
      return bytes === undefined ? undefined : new Uint8Array(bytes);
    },
    changed(path) {
      if (dirty === undefined || dirty.size > 0) return true;
      if (path !== undefined && !isSame(statNow(`${location}/${path}`), facts.get(path))) return true;
      // A link that leads to another folder from now on sends no notification.
      return path !== undefined && isWatched() ? false : hasOtherFolders();
    },
    close() {
      for (const folder of [...watchers.keys()]) unwatch(folder);
    },
  };
}

function checkFolder(path: string, location: string): void {
  const found = statNow(location);
  if (found === undefined) {
    throw new PypesError('invalid_request', `The folder "${path}" does not exist; create it or name another one`);
  }
  if (!found.isDirectory()) {
    throw new PypesError('invalid_request', `"${path}" is no folder; name the folder that it lies in`);
  }
  try {
    opendirSync(location).closeSync();
    statSync(`${location}/.`);
  } catch (error) {
    const advice = 'change its permissions or name another one';
    throw new PypesError('invalid_request', `The folder "${path}" may not be read; ${advice}`, { cause: error });
  }
}

async function listFolder(location: string) {
  const folders = new Map<string, string>();
  const facts = new Map<string, Stats>();
  await listInto(location, '', folders, facts);
  return { folders, facts, entries: [...facts].map(([path, found]) => toEntry(path, found)) };
}

async function listInto(
  location: string,
  folder: string,
  folders: Map<string, string>,
  facts: Map<string, Stats>,
): Promise<void> {
  const before = stampNow(join(location, folder));
  if (before === undefined) return;
  folders.set(folder, before);
  const names = (await readdir(join(location, folder), { withFileTypes: true }).catch(passOver)) ?? [];
  const inner: Promise<void>[] = [];
  for (const name of names) {
    if (name.name.startsWith('.')) continue;
    const path = folder === '' ? name.name : `${folder}/${name.name}`;
    if (!name.isDirectory()) inner.push(addFile(location, path, facts));
    else if (folder === '' && !isSkipped(path)) inner.push(listInto(location, path, folders, facts));
  }
  await Promise.all(inner);
}

async function addFile(location: string, path: string, facts: Map<string, Stats>): Promise<void> {
  const found = await stat(join(location, path)).catch(passOver);
  if (found?.isFile() === true) facts.set(path, found);
}

function toEntry(path: string, found: Stats): FolderEntry {
  return { path, stamp: stampOf(found), executable: (found.mode & 0o111) !== 0, bytes: found.size };
}

/** Hidden folders and those that tools fill. */
function isSkipped(folder: string): boolean {
  return folder.startsWith('.') || folder === 'node_modules' || folder === '__pycache__';
}

/** Whether a file lies where a whole scan would have found it. */
function isWithin(path: string, folders: ReadonlyMap<string, string>): boolean {
  const cut = path.lastIndexOf('/');
  return !path.slice(cut + 1).startsWith('.') && folders.has(cut < 0 ? '' : path.slice(0, cut));
}

function byPath(a: FolderEntry, b: FolderEntry): number {
  return a.path < b.path ? -1 : 1;
}

function ignoreMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

function passOver(error: unknown): undefined {
  if (!isOutOfReach(error)) throw error;
}

function stampNow(path: string): string | undefined {
  const found = statNow(path);
  return found === undefined ? undefined : stampOf(found);
}

function statNow(path: string): Stats | undefined {
  try {
    return statSync(path, QUIET);
  } catch (error) {
    return passOver(error);
  }
}

/** The same facts as a stamp has, without making a text of them. */
function isSame(a: Stats | undefined, b: Stats | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.mtimeMs === b.mtimeMs && a.ctimeMs === b.ctimeMs && a.size === b.size && a.ino === b.ino;
}

/** Time of the last change of content or attributes, size and identity: what an edit cannot leave alone. */
function stampOf(found: Stats): string {
  return `${found.mtimeMs}-${found.ctimeMs}-${found.size}-${found.ino}`;
}

/** A UUID (version 8: ours) made of the folder's place, so that it is the same after a restart. */
function guidOf(location: string): string {
  const hex = createHash('sha256').update(`pypes-folder:${location}`).digest('hex');
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
