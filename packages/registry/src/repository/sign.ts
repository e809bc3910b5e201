// Adds signatures by further key holders: to what waits in a repository, or to a metadata file on a machine without one.
import { readFile } from 'node:fs/promises';
import { PypesError } from '@pypes/contract';
import { writeAtomically } from '../files/atomic-write.ts';
import type { SigningKey } from '../keys/key.ts';
import { changeRepository } from './change.ts';
import type { Repository } from './layout.ts';
import { parseMetadata, signWith, toBytes } from './metadata.ts';
import type { Outcome } from './outcome.ts';

/** Signs everything that waits and may be signed with these keys, and publishes what then has enough signatures. */
export async function signPending(repository: Repository, keys: readonly SigningKey[]): Promise<Outcome> {
  const outcome = await changeRepository(repository, keys, () => ({}));
  return { ...outcome, published: outcome.waiting.length === 0 };
}

/**
 * Adds a signature to a metadata file, offline: carry `.pending/ROLE.json` to the key, and back to `.pending/`.
 *
 * @throws PypesError `invalid_request` where the file is no root or targets metadata
 */
export async function signFile(path: string, key: SigningKey): Promise<void> {
  const bytes = await readFile(path);
  const type = readType(bytes);
  if (type !== 'root' && type !== 'targets') {
    throw new PypesError('invalid_request', `"${path}" is no root or targets metadata, so nobody signs it by hand`);
  }
  const metadata = type === 'root' ? parseMetadata('root', bytes) : parseMetadata('targets', bytes);
  signWith(metadata, [key], [key.keyId]);
  await writeAtomically(path, toBytes(metadata));
}

function readType(bytes: Buffer): unknown {
  try {
    return (JSON.parse(bytes.toString('utf8')) as { readonly signed?: { readonly _type?: unknown } }).signed?._type;
  } catch {
    return undefined;
  }
}
