// The key that two endpoints share: HMAC-SHA-256 through WebCrypto, whose check takes the same time for every signature.
import { PypesError } from '../../errors.ts';

const LEAST_BYTES = 32;

export interface RemoteKey {
  /** Hex. */
  sign(text: string): Promise<string>;
  /** In constant time. */
  verify(text: string, signature: string): Promise<boolean>;
}

/**
 * @throws PypesError `invalid_request` where the key is too short to be one; it is never repeated
 */
export function importRemoteKey(material: string): RemoteKey {
  const bytes = new TextEncoder().encode(material.trim());
  if (bytes.length < LEAST_BYTES) {
    throw new PypesError(
      'invalid_request',
      `The key for remote languages has ${bytes.length} bytes, and needs ${LEAST_BYTES}; make one with: openssl rand -hex 32`,
    );
  }
  let imported: Promise<CryptoKey> | undefined;
  const key = () => {
    imported ??= crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
    return imported;
  };
  return {
    async sign(text) {
      return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', await key(), new TextEncoder().encode(text))));
    },
    async verify(text, signature) {
      if (!/^[0-9a-f]{64}$/.test(signature)) return false;
      return crypto.subtle.verify('HMAC', await key(), fromHex(signature), new TextEncoder().encode(text));
    },
  };
}

export async function digestOf(body: Uint8Array<ArrayBuffer>): Promise<string> {
  return `sha256:${toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', body)))}`;
}

function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
