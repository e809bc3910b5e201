// An operator's folder of agent files: what is in it, and a cheap way to know that something changed.
import { createHash } from 'node:crypto';
import { type FSWatcher, type Stats, statSync, watch } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type AgentFolder, type FolderEntry, PypesError } from '@pypes/contract';
import { isMissing } from './errors.ts';

const SKIPPED_FOLDERS = new Set(['node_modules', '__pycache__']);

/**
 * A folder and one level of subfolders. Changes are noticed in two ways: the system's file notifications, and a look
 * at the time stamps of the folders and of the file that is asked for.
 *
 * @throws PypesError `invalid_request` where the folder does not exist
 */
export function createAgentFolder(path: string): AgentFolder {
  const location = resolve(path);
  if (statSync(location, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new PypesError('invalid_request', `The folder "${path}" does not exist; create it or name another one`);
  }
  const watchers = new Map<string, FSWatcher>();
  let dirty = true;
  let folders = new Map<string, string>();
  let files = new Map<string, Known>();

  function watchFolder(folder: string): void {
    if (watchers.has(folder)) return;
    try {
      const watcher = watch(join(location, folder), () => {
        dirty = true;
      });
      watcher.on('error', () => unwatch(folder));
      watcher.unref();
      watchers.set(folder, watcher);
    } catch {
      // No notifications here (a network disk, too many watches): `changed` then looks at every folder's time stamp.
    }
  }

  function unwatch(folder: string): void {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  }

  return {
    name: basename(location),
    packGuid: guidOf(location),
    location,
    async scan() {
      dirty = false;
      const found = await listFolder(location);
      folders = found.folders;
      files = new Map(found.entries.map(({ path: file, stamp }) => [file, { place: join(location, file), stamp }]));
      for (const folder of folders.keys()) watchFolder(folder);
      for (const folder of watchers.keys()) if (!folders.has(folder)) unwatch(folder);
      return found.entries;
    },
    async read(file) {
      try {
        return new Uint8Array(await readFile(join(location, file)));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    changed(file) {
      if (dirty) return true;
      if (file !== undefined && isOther(files.get(file) ?? { place: join(location, file), stamp: undefined }))
        return true;
      if (watchers.size === folders.size) return false;
      return [...folders].some(([folder, stamp]) => stampNow(join(location, folder)) !== stamp);
    },
    close() {
      for (const folder of [...watchers.keys()]) unwatch(folder);
    },
  };
}

async function listFolder(location: string) {
  const folders = new Map<string, string>();
  const entries: FolderEntry[] = [];
  await listInto(location, '', folders, entries, true);
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  return { folders, entries };
}

async function listInto(
  location: string,
  folder: string,
  folders: Map<string, string>,
  entries: FolderEntry[],
  descend: boolean,
): Promise<void> {
  const before = stampNow(join(location, folder));
  if (before === undefined) return;
  folders.set(folder, before);
  const names = await readdir(join(location, folder), { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const inner: Promise<void>[] = [];
  for (const name of names) {
    if (name.name.startsWith('.')) continue;
    const path = folder === '' ? name.name : `${folder}/${name.name}`;
    if (name.isDirectory()) {
      if (descend && !SKIPPED_FOLDERS.has(name.name)) inner.push(listInto(location, path, folders, entries, false));
    } else {
      inner.push(addFile(location, path, entries));
    }
  }
  await Promise.all(inner);
}

async function addFile(location: string, path: string, entries: FolderEntry[]): Promise<void> {
  try {
    const found = await stat(join(location, path));
    if (!found.isFile()) return;
    entries.push({ path, stamp: stampOf(found), executable: (found.mode & 0o111) !== 0, bytes: found.size });
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

type Known = { readonly place: string; readonly stamp: string | undefined };

function isOther({ place, stamp }: Known): boolean {
  return stampNow(place) !== stamp;
}

function stampNow(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? undefined : stampOf(found);
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
