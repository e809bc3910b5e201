// A secret at rest under a passphrase: scrypt makes the key, AES-256-GCM seals, and the parameters are sealed with it.
import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { PypesError } from '@pypes/contract';

/** What stands in a key file; bytes are base64. */
export type Sealed = {
  readonly kdf: 'scrypt';
  readonly n: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string;
  readonly cipher: 'aes-256-gcm';
  readonly nonce: string;
  readonly tag: string;
  readonly data: string;
};

const COST = { n: 32_768, r: 8, p: 1 };
/** A hostile file may not ask for more memory than this: 128 · n · r bytes. */
const MOST_MEMORY = 256 * 1024 * 1024;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;

/** Seals a secret; `label` (the key id) must be the same when it is opened. */
export async function seal(secret: Uint8Array, passphrase: string, label: string): Promise<Sealed> {
  const salt = randomBytes(KEY_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', await stretch(passphrase, salt, COST), nonce);
  cipher.setAAD(toAad(label, COST));
  const data = Buffer.concat([cipher.update(secret), cipher.final()]);
  const text = (bytes: Buffer) => bytes.toString('base64');
  return {
    kdf: 'scrypt',
    ...COST,
    salt: text(salt),
    cipher: 'aes-256-gcm',
    nonce: text(nonce),
    tag: text(cipher.getAuthTag()),
    data: text(data),
  };
}

/** @throws PypesError `forbidden` where the passphrase is wrong or the file was changed */
export async function unseal(sealed: Sealed, passphrase: string, label: string): Promise<Buffer> {
  if (128 * sealed.n * sealed.r > MOST_MEMORY || sealed.p > 16) {
    throw new PypesError('invalid_request', 'The key file asks for more memory than a key file may');
  }
  const bytes = (text: string) => Buffer.from(text, 'base64');
  try {
    const key = await stretch(passphrase, bytes(sealed.salt), sealed);
    const decipher = createDecipheriv('aes-256-gcm', key, bytes(sealed.nonce), { authTagLength: 16 });
    decipher.setAAD(toAad(label, sealed));
    decipher.setAuthTag(bytes(sealed.tag));
    return Buffer.concat([decipher.update(bytes(sealed.data)), decipher.final()]);
  } catch (cause) {
    throw new PypesError('forbidden', 'The passphrase does not open this key, or the key file was changed', { cause });
  }
}

type Cost = { readonly n: number; readonly r: number; readonly p: number };

function toAad(label: string, { n, r, p }: Cost): Buffer {
  return Buffer.from(`pypes-key:${label}:${n}:${r}:${p}`);
}

function stretch(passphrase: string, salt: Buffer, { n, r, p }: Cost): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFC'), salt, KEY_BYTES, { N: n, r, p, maxmem: 2 * MOST_MEMORY }, (error, key) =>
      error === null ? resolve(key) : reject(error),
    );
  });
}
