// Bytes in a browser: digests, hex, and downloads that end where they have to.
import { Refused } from './refused.ts';

export type Bytes = Uint8Array<ArrayBuffer>;
export type Digest = `sha256:${string}`;

/** The digest of bytes, as everybody spells it here. */
export async function toDigest(bytes: Bytes): Promise<Digest> {
  return `sha256:${new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex()}`;
}

/** Empty for what is no hex. */
export function fromHex(text: string): Bytes {
  return /^(?:[0-9a-f]{2})*$/i.test(text) ? Uint8Array.fromHex(text) : new Uint8Array();
}

const LONGEST_MS = 60_000;

/**
 * @throws Refused `missing`, `unreachable`, `too_slow`, `too_large`, or `endless` for a body that goes on beyond
 *   `mostBytes`
 */
export async function download(url: string, mostBytes: number): Promise<Bytes> {
  const name = url.slice(url.lastIndexOf('/') + 1);
  const response = await ask(url, name);
  if (response.status === 404) throw new Refused('missing', `The registry has no ${name}`);
  if (!response.ok || response.body === null) {
    throw new Refused('unreachable', `The registry answers ${response.status} for ${name}; try again later`);
  }
  if (Number(response.headers.get('content-length') ?? 0) > mostBytes) {
    throw new Refused('too_large', `The registry's ${name} is larger than ${mostBytes} bytes`);
  }
  const parts: Bytes[] = [];
  let length = 0;
  for await (const part of response.body) {
    length += part.length;
    if (length > mostBytes) throw new Refused('endless', `The registry's ${name} goes on beyond ${mostBytes} bytes`);
    parts.push(part);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

async function ask(url: string, name: string): Promise<Response> {
  try {
    return await fetch(url, { cache: 'no-store', credentials: 'omit', signal: AbortSignal.timeout(LONGEST_MS) });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'TimeoutError') {
      throw new Refused('too_slow', `The registry takes longer than ${LONGEST_MS} ms for ${name}`, { cause });
    }
    throw new Refused('unreachable', `The registry cannot be reached for ${name}; try again later`, { cause });
  }
}
