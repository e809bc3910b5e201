// The pack that a grant is for: stored below a root, or a folder of the operator, by guid, name or path.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Permissions, PypesError, parsePermissions, toGuid } from '@pypes/contract';
import { contentDigest } from '@pypes/host';
import { createAgentFolder, createFilesystemPackStore } from '@pypes/stores/filesystem';

/** What a grant needs to know of a pack. */
export type GrantedPack = {
  readonly guid: string;
  readonly name: string;
  readonly kind: 'folder' | 'stored' | 'unknown';
  readonly asks: Partial<Permissions>;
  /** Of a stored pack: what its files are now. */
  readonly digest?: string;
};

/**
 * Finds the pack that `id` means; a guid that nobody has is given back as unknown.
 *
 * @throws PypesError `not_found`, or `invalid_request` where several have the name
 */
export async function findPack(id: string, root: string, folders: readonly string[]): Promise<GrantedPack> {
  const wanted = toGuid(id);
  const here = [...folderPacks(id, folders), ...(await storedPacks(root))];
  const found = here.filter(({ guid, name }) => (wanted === undefined ? name === id || isPath(id) : guid === wanted));
  const [pack, ...more] = isPath(id) ? found.filter(({ place }) => place === resolve(id)) : found;
  if (more.length > 0) {
    const guids = [pack, ...more].map((one) => one?.guid).join(', ');
    throw new PypesError('invalid_request', `Several packs are called "${id}"; name one of them by its guid: ${guids}`);
  }
  if (pack === undefined) {
    if (wanted !== undefined) return { guid: wanted, name: wanted, kind: 'unknown', asks: {} };
    throw new PypesError('not_found', `No pack is called "${id}"; name its folder with --folder, or --root`, {
      details: { available: here.map(({ name }) => name) },
    });
  }
  return { guid: pack.guid, name: pack.name, kind: pack.kind, asks: pack.asks, ...(await digestOf(pack, root)) };
}

type Candidate = Omit<GrantedPack, 'digest'> & { readonly place?: string };

function folderPacks(id: string, folders: readonly string[]): readonly Candidate[] {
  const paths = new Set([...folders, ...(statSync(id, { throwIfNoEntry: false })?.isDirectory() ? [id] : [])]);
  const packs = new Map<string, Candidate>();
  for (const path of paths) {
    const folder = createAgentFolder(path);
    const { packGuid: guid, name, location: place } = folder;
    packs.set(guid, { guid, name, kind: 'folder', asks: {}, place });
    folder.close();
  }
  return [...packs.values()];
}

async function storedPacks(root: string): Promise<readonly Candidate[]> {
  const manifests = await createFilesystemPackStore(root).list();
  return manifests.map(({ pack_guid, name, permissions }) => ({
    guid: pack_guid,
    name,
    kind: 'stored',
    asks: parseAsked(permissions),
  }));
}

/** A pack that was stored by an older version may ask for what there is no more. */
function parseAsked(permissions: Parameters<typeof parsePermissions>[0]): Partial<Permissions> {
  try {
    return parsePermissions(permissions);
  } catch {
    return {};
  }
}

async function digestOf({ kind, guid }: Candidate, root: string): Promise<{ readonly digest?: string }> {
  const pack = kind === 'stored' ? await createFilesystemPackStore(root).get(guid) : undefined;
  return pack === undefined ? {} : { digest: await contentDigest(pack.files) };
}

/** A name has no separator. */
function isPath(id: string): boolean {
  return id === '.' || id === '..' || id.includes('/');
}
