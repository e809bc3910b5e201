// What is installed in this browser: a pin, as a lockfile has it, and the archive under its digest.
import type { Bytes, Digest } from './bytes.ts';

/** What was said yes to. */
export type Pin = { readonly digest: Digest; readonly role: string; readonly signers: readonly string[] };

const CACHE = 'skills';

export function readPin(source: string): Pin | undefined {
  const text = localStorage.getItem(`installed ${source}`);
  return text === null ? undefined : (JSON.parse(text) as Pin);
}

export async function keepSkill(source: string, pin: Pin, archive: Bytes): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.put(toAddress(pin.digest), new Response(archive));
  localStorage.setItem(`installed ${source}`, JSON.stringify(pin));
}

/** The kept archive, whether it fits its digest or not: whoever opens it checks. */
export async function readArchive({ digest }: Pin): Promise<Bytes | undefined> {
  const cache = await caches.open(CACHE);
  const found = await cache.match(toAddress(digest));
  return found === undefined ? undefined : new Uint8Array(await found.arrayBuffer());
}

function toAddress(digest: Digest): string {
  return `/installed/${digest.slice('sha256:'.length)}`;
}
