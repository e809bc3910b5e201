// Requests as an attacker would make them: signed with any key, at any time, then changed.
import type { JsonObject } from '@pypes/contract';
import { importRemoteKey, signRequest } from '@pypes/contract/remote';
import { KEY } from './pair.ts';

export async function forge(
  url: string,
  body: JsonObject,
  { key = KEY, now = Date.now(), nonce = crypto.randomUUID() } = {},
) {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  const headers = await signRequest(importRemoteKey(key), { url, body: bytes, now, nonce });
  return { url, init: { method: 'POST', headers, body: bytes } };
}

export const statusOf = async ({ url, init }: { readonly url: string; readonly init: RequestInit }) =>
  (await fetch(url, init)).status;
