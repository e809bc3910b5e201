// The operator's key: what it may be, and what is derived from it. The key itself seals nothing and is never shown.
import { PypesError, type SealedSecret } from '@pypes/contract';
import { bytesToHex, decodeBase64, encodeBase64 } from '../../packs/encoding.ts';
import type { SecretType } from './secret-rules.ts';

/** A key, ready to seal and open. */
export interface VaultKey {
  /** 16 hex digits that tell one key from another, and nothing about it. */
  readonly id: string;
  /** @returns base64 */
  seal(about: About, value: string): Promise<Pick<SealedSecret, 'key_id' | 'nonce' | 'ciphertext'>>;
  /** Undefined where the secret is not what this key sealed under this name and type, for this tenant. */
  open(secret: SealedSecret): Promise<string | undefined>;
}

type About = { readonly name: string; readonly type: SecretType; readonly tenant?: string };

const KEY_BYTES = 32;
/** Random bytes repeat themselves this much less than once in 10^30 keys. */
const LEAST_DIFFERENT = 8;
const NONCE_BYTES = 12;
const BITS = 8;
const ID_DIGITS = 16;
const encoder = new TextEncoder();

/**
 * The 32 bytes of a key that is written as base64, base64url or hex.
 *
 * @throws PypesError `invalid_request`; the error does not hold what was given
 */
export function parseKeyMaterial(text: string): Uint8Array<ArrayBuffer> {
  const trimmed = text.trim();
  const bytes = /^[0-9a-f]{64}$/i.test(trimmed) ? fromHex(trimmed) : fromBase64(trimmed);
  if (bytes?.length !== KEY_BYTES) {
    throw new PypesError(
      'invalid_request',
      `The vault's key has to be ${KEY_BYTES} random bytes as base64 or hex, got ${trimmed.length} characters that are none; a passphrase is too weak, make a key with: openssl rand -base64 32`,
    );
  }
  if (new Set(bytes).size < LEAST_DIFFERENT) {
    throw new PypesError('invalid_request', "The vault's key is not random; make one with: openssl rand -base64 32");
  }
  return new Uint8Array(bytes);
}

/** @throws PypesError `invalid_request` where the material is no key */
export async function createVaultKey(material: string): Promise<VaultKey> {
  const base = await crypto.subtle.importKey('raw', parseKeyMaterial(material), 'HKDF', false, [
    'deriveBits',
    'deriveKey',
  ]);
  const id = await keyIdOf(base);
  const key = await crypto.subtle.deriveKey(
    hkdf('pypes vault 1: seal'),
    base,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
  return {
    id,
    async seal(about, value) {
      const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
      const sealed = await crypto.subtle.encrypt(aesGcm(nonce, about, id), key, encoder.encode(value));
      return { key_id: id, nonce: encodeBase64(nonce), ciphertext: encodeBase64(new Uint8Array(sealed)) };
    },
    async open(secret) {
      const nonce = decodeBase64(secret.nonce);
      const ciphertext = decodeBase64(secret.ciphertext);
      if (nonce?.length !== NONCE_BYTES || ciphertext === undefined) return undefined;
      try {
        const algorithm = aesGcm(new Uint8Array(nonce), secret, secret.key_id);
        const opened = await crypto.subtle.decrypt(algorithm, key, new Uint8Array(ciphertext));
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(opened);
      } catch {
        return undefined;
      }
    },
  };
}

/** The first digits of the digest of a value that is derived from the key, for this purpose alone. */
async function keyIdOf(base: CryptoKey): Promise<string> {
  const derived = await crypto.subtle.deriveBits(hkdf('pypes vault 1: id'), base, KEY_BYTES * BITS);
  return bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', derived))).slice(0, ID_DIGITS);
}

function hkdf(info: string): HkdfParams {
  return { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(info) };
}

/** Bound to name, type, key and tenant, so that one ciphertext cannot stand in for another. */
function aesGcm(iv: Uint8Array<ArrayBuffer>, { name, type, tenant }: About, keyId: string): AesGcmParams {
  const bound = ['pypes vault 1', name, type, keyId, ...(tenant === undefined ? [] : [tenant])];
  return { name: 'AES-GCM', iv, additionalData: encoder.encode(JSON.stringify(bound)) };
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (digits) => Number.parseInt(digits, 16));
}

function fromBase64(text: string): Uint8Array | undefined {
  return /^[\w+/-]+={0,2}$/.test(text) ? decodeBase64(text.replaceAll('-', '+').replaceAll('_', '/')) : undefined;
}
