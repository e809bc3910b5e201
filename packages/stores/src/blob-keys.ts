// Where packs and memory lie among blobs: the layout of spec 2, with a folder for each revision of a pack's files.
import { type MemoryScope, PypesError, tenantPart, toGuid } from '@pypes/contract';

/** Below it, a folder for each pack. */
export const PACKS = 'packs/';

/** @throws PypesError `invalid_request` */
export function packKey(guid: string, rest: string): string {
  return `${PACKS}${checkedGuid(guid)}/${rest}`;
}

export const manifestKey = (guid: string): string => packKey(guid, 'manifest.json');
export const revisionsKey = (guid: string): string => packKey(guid, 'revisions/');
export const memoryKey = (guid: string): string => packKey(guid, 'memory/');

/** The key of one file of one revision; of a name that is a path, the last part counts. */
export function fileKey(guid: string, revision: string, filename: string): string {
  return `${revisionsKey(guid)}${revision}/agents/${encodeName(plainName(filename))}`;
}

/** The revision that a key below {@link revisionsKey} belongs to. */
export function revisionOf(guid: string, key: string): string {
  return key.slice(revisionsKey(guid).length).split('/')[0] ?? '';
}

/** The last part of a path, whichever system wrote it. @throws PypesError `invalid_request` where nothing is left */
export function plainName(filename: string): string {
  const name = filename.split(/[/\\]/).at(-1) ?? '';
  if (name !== '' && name.isWellFormed()) return name;
  throw new PypesError('invalid_request', `${JSON.stringify(filename.slice(0, 100))} is no name of a file`);
}

/**
 * `packs/<guid>/memory/[tenants/<tenant>/]<user_guid | shared>/memory.json`.
 *
 * @throws PypesError `invalid_request`
 */
export function documentKey({ packGuid, userGuid, tenant }: MemoryScope): string {
  const tenantFolder = tenant === undefined ? '' : `tenants/${tenantPart(tenant)}/`;
  const user = userGuid === undefined ? 'shared' : checkedGuid(userGuid);
  return `${memoryKey(packGuid)}${tenantFolder}${user}/memory.json`;
}

/** What a list cannot say (XML), what some places trim or turn around, and what stands for them. */
function encodeName(name: string): string {
  return name.replace(/[%\p{Cc}\ufffe\uffff]|^\.+$|\.$/gu, (unsafe) =>
    [...unsafe].map((character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

function checkedGuid(guid: string): string {
  if (toGuid(guid) === guid) return guid;
  throw new PypesError('invalid_request', `"${guid}" is no guid of a pack`);
}
