// Packs on a disk: each version a folder of its own, and one link that says which version counts.
//
//   packs/<guid>/versions/<id>/manifest.json, agents/<filename>     written and flushed first
//   packs/<guid>/current -> versions/<id>                            replaced by one rename: the commit
//   packs/<guid>/manifest.json -> current/manifest.json              the layout of spec 2
//   packs/<guid>/agents -> current/agents
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, readlink, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type PackManifest, type PackStore, PypesError, type StoredFile, toGuid } from '@pypes/contract';
import { syncFolder, writeDurably } from './atomic.ts';
import { diskError, isMissing } from './errors.ts';

const TRASH = '.trash-';

/** The packs below `<root>/packs`. */
export function createFilesystemPackStore(root: string): PackStore {
  const packs = join(root, 'packs');
  const queues = new Map<string, Promise<unknown>>();
  /** Manifests that were read, by folder: those of one version never change. */
  let listed = new Map<string, ListedManifest>();

  /** Changes of one pack run one after another. */
  function inTurn<T>(guid: string, change: () => Promise<T>): Promise<T> {
    const forget = () => {
      if (queues.get(guid) === settled) queues.delete(guid);
    };
    const turn = (queues.get(guid) ?? Promise.resolve()).then(change, change);
    const settled: Promise<unknown> = turn.then(forget, forget);
    queues.set(guid, settled);
    return turn;
  }

  return {
    put: (guid, pack) =>
      inTurn(guid, async () => {
        const folder = folderOf(packs, guid);
        try {
          await writeVersion(folder, pack.manifest, pack.files);
        } catch (error) {
          throw diskError(`store the pack ${guid}`, error);
        }
        await removeOldVersions(folder);
      }),
    async get(guid) {
      const folder = folderOf(packs, guid);
      for (;;) {
        const version = await currentVersion(folder);
        if (version === undefined) return undefined;
        try {
          return await readVersion(folder, version);
        } catch (error) {
          // Replaced and cleaned away while it was read: read the one that took its place.
          if (!isMissing(error) || (await currentVersion(folder)) === version) throw diskError(`read ${guid}`, error);
        }
      }
    },
    async list() {
      const names = (await entries(packs)).filter((name) => toGuid(name) === name).sort();
      const next = new Map<string, ListedManifest>();
      await Promise.all(
        names.map(async (name) => {
          const found = await readManifest(join(packs, name), listed.get(name));
          if (found !== undefined) next.set(name, found);
        }),
      );
      listed = next;
      return names.flatMap((name) => next.get(name)?.manifest ?? []);
    },
    remove: (guid) =>
      inTurn(guid, async () => {
        const folder = folderOf(packs, guid);
        const trash = join(packs, TRASH + randomUUID());
        const existed = (await currentVersion(folder)) !== undefined;
        try {
          await rename(folder, trash);
          await syncFolder(packs);
        } catch (error) {
          if (isMissing(error)) return false;
          throw diskError(`remove the pack ${guid}`, error);
        }
        await rm(trash, { recursive: true, force: true });
        return existed;
      }),
  };
}

function folderOf(packs: string, guid: string): string {
  if (toGuid(guid) !== guid) throw new PypesError('invalid_request', `"${guid}" is no pack guid`);
  return join(packs, guid);
}

async function writeVersion(folder: string, manifest: PackManifest, files: readonly StoredFile[]): Promise<void> {
  const id = randomUUID();
  const version = join(folder, 'versions', id);
  const agents = join(version, 'agents');
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  const created = await mkdir(agents, { recursive: true, mode: 0o700 });
  try {
    await Promise.all(files.map(({ filename, bytes }) => writeDurably(join(agents, basename(filename)), bytes)));
    await writeDurably(join(version, 'manifest.json'), text);
    await syncFolder(agents);
    await syncFolder(version);
  } catch (error) {
    // On a full disk, what is half there would be in the way of the next try.
    await rm(version, { recursive: true, force: true });
    throw error;
  }
  await syncFolder(join(folder, 'versions'));
  await replaceLink(join(folder, 'manifest.json'), join('current', 'manifest.json'));
  await replaceLink(join(folder, 'agents'), join('current', 'agents'));
  await replaceLink(join(folder, 'current'), join('versions', id));
  await syncFolder(folder);
  if (created !== undefined) await syncFolder(join(folder, '..'));
}

async function replaceLink(path: string, target: string): Promise<void> {
  if ((await linkTarget(path)) === target) return;
  const temporary = `${path}.${randomUUID()}.tmp`;
  await symlink(target, temporary);
  await rename(temporary, path);
}

async function linkTarget(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function currentVersion(folder: string): Promise<string | undefined> {
  const target = await linkTarget(join(folder, 'current'));
  return target === undefined ? undefined : basename(target);
}

async function readVersion(folder: string, version: string) {
  const agents = join(folder, 'versions', version, 'agents');
  const names = (await readdir(agents)).sort();
  const files = await Promise.all(
    names.map(async (filename) => ({ filename, bytes: new Uint8Array(await readFile(join(agents, filename))) })),
  );
  const manifest = JSON.parse(await readFile(join(agents, '..', 'manifest.json'), 'utf8')) as PackManifest;
  return { manifest, files, revision: version, location: agents };
}

type ListedManifest = { readonly version: string; readonly manifest: PackManifest };

async function readManifest(folder: string, known?: ListedManifest): Promise<ListedManifest | undefined> {
  for (;;) {
    const version = await currentVersion(folder);
    if (version === undefined || version === known?.version) return version === undefined ? undefined : known;
    try {
      const text = await readFile(join(folder, 'versions', version, 'manifest.json'), 'utf8');
      return { version, manifest: JSON.parse(text) as PackManifest };
    } catch (error) {
      // Replaced and cleaned away while it was read: read the one that took its place.
      if (!isMissing(error) || (await currentVersion(folder)) === version) {
        throw diskError(`read the manifest of ${basename(folder)}`, error);
      }
    }
  }
}

/** Keeps the version before the current one for calls that still run on it; what a crash left behind goes too. */
async function removeOldVersions(folder: string): Promise<void> {
  const current = await currentVersion(folder);
  const versions = join(folder, 'versions');
  const ages = await Promise.all(
    (await entries(versions))
      .filter((name) => name !== current)
      .map(async (name) => ({ name, age: await ageOf(join(versions, name)) })),
  );
  const old = ages.sort((a, b) => a.age - b.age).slice(1);
  const leftovers = (await entries(folder)).filter((name) => name.endsWith('.tmp'));
  await Promise.all([
    ...old.map(({ name }) => rm(join(versions, name), { recursive: true, force: true })),
    ...leftovers.map((name) => rm(join(folder, name), { force: true })),
  ]);
}

async function ageOf(path: string): Promise<number> {
  try {
    return -(await stat(path)).mtimeMs;
  } catch (error) {
    if (isMissing(error)) return Number.NEGATIVE_INFINITY;
    throw error;
  }
}

async function entries(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw diskError(`list ${folder}`, error);
  }
}
