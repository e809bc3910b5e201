// Grants on a disk: grants/<pack>.json, for the operator alone. A damaged one grants nothing, and says so.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Grant, type GrantStore, isJsonObject, parsePermissions } from '@pypes/contract';
import { syncFolder } from './atomic.ts';
import { diskError, isMissing } from './errors.ts';
import { createJsonFile, type JsonFile } from './json-file.ts';
import { checkedGuid } from './scope.ts';

const MOST_KNOWN = 1_000;

/** The grants below `<root>/grants`; a look at one that did not change costs one `stat`. */
export function createFilesystemGrantStore(root: string): GrantStore {
  const folder = join(root, 'grants');
  const files = new Map<string, JsonFile<Grant>>();

  function fileOf(guid: string): JsonFile<Grant> {
    const known = files.get(guid);
    if (known !== undefined) return known;
    const path = join(folder, `${checkedGuid(guid)}.json`);
    const file = createJsonFile(path, `the grant of the pack ${guid}`, (value) => parseGrant(value, guid));
    if (files.size >= MOST_KNOWN) files.clear();
    files.set(guid, file);
    return file;
  }

  return {
    async get(packGuid) {
      return fileOf(packGuid).read();
    },
    async put(grant) {
      await fileOf(grant.pack_guid).write(parseGrant(grant, grant.pack_guid));
    },
    async remove(packGuid) {
      const path = join(folder, `${checkedGuid(packGuid)}.json`);
      try {
        await rm(path);
        await syncFolder(folder);
        return true;
      } catch (error) {
        if (isMissing(error)) return false;
        throw diskError(`remove the grant of the pack ${packGuid}`, error);
      }
    },
  };
}

function parseGrant(value: unknown, guid: string): Grant {
  if (!isJsonObject(value)) throw new Error('it holds no JSON object');
  const { pack_guid, content_digest, granted_at } = value;
  if (pack_guid !== guid) throw new Error(`it is for the pack ${JSON.stringify(pack_guid)}`);
  if (content_digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(String(content_digest))) {
    throw new Error('its content_digest is none');
  }
  if (typeof granted_at !== 'string') throw new Error('it has no granted_at');
  if (!isJsonObject(value.permissions)) throw new Error('it has no permissions');
  return {
    pack_guid: guid,
    permissions: parsePermissions(value.permissions),
    ...(content_digest === undefined ? {} : { content_digest: String(content_digest) }),
    granted_at,
  };
}
