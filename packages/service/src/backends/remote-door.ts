// The remote door of this machine: the sandboxes of every language, apart from those of its own packs.
import { type Limits, PypesError } from '@pypes/contract';
import type { LogEntry } from '../http/log.ts';
import { createRemoteDoor, type RemoteDoor } from '../http/remote/index.ts';
import { createSandboxedRuntimes } from './languages.ts';
import { readPrivateFile } from './private-file.ts';

export type RemoteDoorPlace = {
  /** Where transpiled components are kept. */
  readonly root: string;
  readonly limits: Limits;
  readonly log: (entry: LogEntry) => void;
  readonly keyFile?: string;
  readonly calls?: number;
  readonly environment?: { readonly [name: string]: string | undefined };
};

/**
 * Opened by a key: `PYPES_REMOTE_KEY`, else the one in the file. Undefined without one.
 *
 * @throws PypesError `unavailable` where the file is not there or not private, `invalid_request` where the key is short
 */
export async function openRemoteDoor(place: RemoteDoorPlace): Promise<RemoteDoor | undefined> {
  const { root, limits, log, calls } = place;
  const key = await findKey(place);
  if (key === undefined) return undefined;
  return createRemoteDoor({
    key,
    limits,
    log,
    fetch: (address, init) => fetch(address, init),
    ...(calls === undefined ? {} : { mostCalls: calls }),
    runtimes: createSandboxedRuntimes(root),
  });
}

async function findKey({ keyFile, environment = process.env }: RemoteDoorPlace): Promise<string | undefined> {
  const { PYPES_REMOTE_KEY: given = '' } = environment;
  if (given.trim() !== '') return given;
  if (keyFile === undefined) return undefined;
  const found = await readPrivateFile(keyFile, 'key for other hosts');
  if (found !== undefined) return found;
  throw new PypesError('unavailable', `The file "${keyFile}" that key_file of [remote] names does not exist`);
}
