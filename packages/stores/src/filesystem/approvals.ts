// Requests for approval on a disk: approvals/<key>.json, one for each key, changed by one process at a time.
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Approval, type ApprovalStore, isJsonObject, PypesError } from '@pypes/contract';
import { makeFolder, replaceFile } from './atomic.ts';
import { diskError, isMissing } from './errors.ts';
import { withLock } from './lock.ts';

const NAME = /^([0-9a-f]{64})\.json$/;
/** The audit log remembers; a request that nobody can use any more need not. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** The requests below `<root>/approvals`. */
export function createFilesystemApprovalStore(root: string, now: () => number = Date.now): ApprovalStore {
  const folder = join(root, 'approvals');

  async function read(key: string): Promise<Approval | undefined> {
    if (!NAME.test(`${key}.json`)) return undefined;
    const path = join(folder, `${key}.json`);
    try {
      return parse(await readFile(path, 'utf8'), key);
    } catch (error) {
      if (isMissing(error)) return undefined;
      if (error instanceof PypesError) throw error;
      throw new PypesError('unavailable', `Cannot use the request in ${path}: ${String(error)}; move it away`, {
        cause: error,
      });
    }
  }

  async function list(): Promise<readonly Approval[]> {
    const names = await readdir(folder).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw diskError('list requests for approval', error);
    });
    const keys = names.flatMap((name) => NAME.exec(name)?.[1] ?? []);
    const found = await Promise.all(keys.map(read));
    return found
      .filter((each) => each !== undefined)
      .sort((a, b) => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0));
  }

  async function prune(): Promise<void> {
    for (const { key, expires_at: expires } of await list()) {
      if (Date.parse(expires) + KEPT_MS < now()) await rm(join(folder, `${key}.json`), { force: true });
    }
  }

  return {
    find: read,
    list,
    get: async (id) => (await list()).find((each) => each.id === id),
    async replace(before, after) {
      await makeFolder(folder);
      return withLock(join(folder, 'lock'), async () => {
        const found = await read(after.key);
        if (found?.id !== before?.id || found?.state !== before?.state) return false;
        if (found === undefined) await prune();
        await replaceFile(join(folder, `${after.key}.json`), `${JSON.stringify(after)}\n`);
        return true;
      });
    },
  };
}

const STATES: readonly unknown[] = ['pending', 'granted', 'denied', 'used'];

function parse(text: string, key: string): Approval {
  const value: unknown = JSON.parse(text);
  if (!isJsonObject(value) || value.key !== key || !STATES.includes(value.state) || typeof value.id !== 'string') {
    throw new Error('it holds no request with this key');
  }
  return value as unknown as Approval;
}
