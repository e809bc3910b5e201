// A pack's content as one digest: what a grant is bound to, so that other code does not inherit an operator's yes.
import { bytesToHex } from './encoding.ts';

/**
 * `sha256:` and 64 hex digits over the names and the digests of all files. The order of the files does not matter;
 * names and contents cannot be traded against each other, since each pair is its own JSON array.
 *
 * @example
 * await contentDigest([{ filename: 'a.py', bytes }]); // 'sha256:9f86…'
 */
export async function contentDigest(
  files: readonly { readonly filename: string; readonly bytes: Uint8Array }[],
): Promise<string> {
  const pairs = await Promise.all(files.map(async ({ filename, bytes }) => [filename, await sha256(bytes)] as const));
  return `sha256:${await sha256(new TextEncoder().encode(JSON.stringify(pairs.sort(byNameThenDigest))))}`;
}

type Pair = readonly [filename: string, digest: string];

function byNameThenDigest([a, aDigest]: Pair, [b, bDigest]: Pair): number {
  if (a === b) return aDigest < bDigest ? -1 : 1;
  return a < b ? -1 : 1;
}

async function sha256(bytes: Uint8Array): Promise<string> {
  return bytesToHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)));
}
