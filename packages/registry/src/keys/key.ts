// Ed25519 keys under the ids that TUF computes, so that one key signs metadata, envelopes and OCI artifacts alike.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { PypesError } from '@pypes/contract';
import { toCanonicalJson } from '../encoding/canonical.ts';

/** The half of a key that everybody may know. */
export type PublicKey = {
  /** SHA-256 in hex of the canonical JSON of TUF's key object. */
  readonly keyId: string;
  /** 32 bytes in hex. */
  readonly publicKey: string;
};

/** A key that can sign. The secret is reachable through nothing but `sign` and {@link toPkcs8}. */
export type SigningKey = PublicKey & { readonly sign: (bytes: Uint8Array) => Buffer };

const PUBLIC_KEY = /^[0-9a-f]{64}$/;
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const secrets = new WeakMap<SigningKey, KeyObject>();

/** Makes a new key. */
export function createSigningKey(): SigningKey {
  return toSigningKey(generateKeyPairSync('ed25519').privateKey);
}

/**
 * The key in PKCS #8 bytes.
 *
 * @throws PypesError `invalid_request` where they hold no Ed25519 key
 */
export function fromPkcs8(bytes: Buffer): SigningKey {
  let secret: KeyObject;
  try {
    secret = createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new PypesError('invalid_request', 'The key file holds no readable private key', { cause });
  }
  if (secret.asymmetricKeyType !== 'ed25519') {
    throw new PypesError('invalid_request', `Keys are Ed25519 here, got ${secret.asymmetricKeyType}`);
  }
  return toSigningKey(secret);
}

/** The secret, for writing it to a key file. */
export function toPkcs8(key: SigningKey): Buffer {
  const secret = secrets.get(key);
  if (secret === undefined) throw new PypesError('invalid_request', `The secret of key ${key.keyId} is not here`);
  return secret.export({ format: 'der', type: 'pkcs8' });
}

/**
 * A public key from its hex digits.
 *
 * @throws PypesError `invalid_request`
 */
export function parsePublicKey(text: string): PublicKey {
  const publicKey = text.trim().toLowerCase();
  if (!PUBLIC_KEY.test(publicKey)) {
    throw new PypesError('invalid_request', `"${text.slice(0, 80)}" is no public key; it takes 64 hex digits`);
  }
  return { keyId: toKeyId(publicKey), publicKey };
}

/** Tells whether a signature over bytes is by this key. */
export function isSignedBy(key: PublicKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  const spki = Buffer.concat([SPKI_PREFIX, Buffer.from(key.publicKey, 'hex')]);
  return verify(null, bytes, createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
}

/** The key as it stands in TUF metadata. */
export function toTufKey(key: PublicKey) {
  return { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: key.publicKey } } as const;
}

function toKeyId(publicKey: string): string {
  return createHash('sha256')
    .update(toCanonicalJson(toTufKey({ keyId: '', publicKey })))
    .digest('hex');
}

function toSigningKey(secret: KeyObject): SigningKey {
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  const publicKey = spki.subarray(SPKI_PREFIX.length).toString('hex');
  const key: SigningKey = { keyId: toKeyId(publicKey), publicKey, sign: (bytes) => sign(null, bytes, secret) };
  secrets.set(key, secret);
  return key;
}
