// Digests as everybody spells them here: `sha256:` and 64 lower-case hex digits.
import { createHash } from 'node:crypto';

const SHAPE = /^sha256:[0-9a-f]{64}$/;

/** A content address: `sha256:…`. */
export type Digest = `sha256:${string}`;

/** The digest of bytes. */
export function toDigest(bytes: Uint8Array | string): Digest {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Tells whether a text is a digest in the one spelling that counts. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === 'string' && SHAPE.test(text);
}

/** The hex digits of a digest. */
export function toHex(digest: Digest): string {
  return digest.slice('sha256:'.length);
}
