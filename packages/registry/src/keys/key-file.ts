// Key files: JSON, readable by their owner only, written whole or not at all, and never over another key.
import { readFile } from 'node:fs/promises';
import { isJsonObject, PypesError } from '@pypes/contract';
import { writeOnce } from '../files/atomic-write.ts';
import { hasCode } from '../files/read.ts';
import { fromPkcs8, type SigningKey, toPkcs8 } from './key.ts';
import { type Sealed, seal, unseal } from './seal.ts';

const FORMAT = 'pypes-key-1';
const OWNER_ONLY = 0o600;

/**
 * Writes a key, under a passphrase where one is given.
 *
 * @throws PypesError `conflict` where the file exists: a key is never overwritten
 */
export async function writeKey(path: string, key: SigningKey, passphrase?: string): Promise<void> {
  const secret = toPkcs8(key);
  const holder =
    passphrase === undefined
      ? { secret: secret.toString('base64') }
      : { sealed: await seal(secret, passphrase, key.keyId) };
  const text = JSON.stringify({ format: FORMAT, keyId: key.keyId, publicKey: key.publicKey, ...holder }, null, 2);
  try {
    await writeOnce(path, `${text}\n`, OWNER_ONLY);
  } catch (cause) {
    if (!hasCode(cause, 'EEXIST')) throw cause;
    throw new PypesError('conflict', `"${path}" exists, and a key is never overwritten; choose another file`, {
      cause,
    });
  }
}

/**
 * Reads a key.
 *
 * @throws PypesError `not_found`, `invalid_request`, or `forbidden` where the passphrase is missing or wrong
 */
export async function readKey(path: string, passphrase?: string): Promise<SigningKey> {
  const file = parseKeyFile(await readText(path), path);
  if (file.secret !== undefined) return expectId(fromPkcs8(Buffer.from(file.secret, 'base64')), file.keyId, path);
  if (passphrase === undefined || file.sealed === undefined) {
    throw new PypesError('forbidden', `"${path}" is under a passphrase; give it`);
  }
  return expectId(fromPkcs8(await unseal(file.sealed, passphrase, file.keyId)), file.keyId, path);
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT')) throw cause;
    throw new PypesError('not_found', `There is no key file "${path}"`, { cause });
  }
}

type KeyFile = { readonly keyId: string; readonly secret?: string; readonly sealed?: Sealed };

function parseKeyFile(text: string, path: string): KeyFile {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (cause) {
    throw new PypesError('invalid_request', `"${path}" is no key file: it is no JSON`, { cause });
  }
  if (!isJsonObject(file) || file.format !== FORMAT || typeof file.keyId !== 'string') {
    throw new PypesError('invalid_request', `"${path}" is no key file: its format is not "${FORMAT}"`);
  }
  if (typeof file.secret === 'string') return { keyId: file.keyId, secret: file.secret };
  if (isSealed(file.sealed)) return { keyId: file.keyId, sealed: file.sealed };
  throw new PypesError('invalid_request', `"${path}" holds no secret`);
}

function isSealed(value: unknown): value is Sealed {
  if (!isJsonObject(value) || value.kdf !== 'scrypt' || value.cipher !== 'aes-256-gcm') return false;
  const numbers = [value.n, value.r, value.p].every((item) => Number.isSafeInteger(item) && Number(item) > 0);
  return numbers && [value.salt, value.nonce, value.tag, value.data].every((item) => typeof item === 'string');
}

function expectId(key: SigningKey, keyId: string, path: string): SigningKey {
  if (key.keyId === keyId) return key;
  throw new PypesError('invalid_request', `"${path}" says it holds key ${keyId}, and holds ${key.keyId}`);
}
