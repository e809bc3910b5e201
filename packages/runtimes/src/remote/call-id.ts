// The id of a call under way: whoever is asked with it can tell the pack, where each pack has a home of its own.
import { REMOTE_BASE } from '@pypes/contract/remote';

const ASK = `${REMOTE_BASE}ask/`;

export function toCallId(packGuid: string, unique: string): string {
  return `${packGuid}:${unique}`;
}

/** The call that a request to `/api/remote/ask/{call id}` is about; undefined for any other. */
export function callOfAsk(url: string): string | undefined {
  const { pathname } = new URL(url);
  const at = pathname.lastIndexOf(ASK);
  if (at === -1) return undefined;
  const id = decode(pathname.slice(at + ASK.length));
  return id === undefined || id === '' || id.includes('/') ? undefined : id;
}

/**
 * The pack whose call is asked about, before anything of it is verified: it says to whom the request is for, no more.
 *
 * @example
 * const guid = packOfAsk(request.url);
 * if (guid !== undefined) return packs.get(packs.idFromName(guid)).fetch(request);
 */
export function packOfAsk(url: string): string | undefined {
  return /^([^:]+):./.exec(callOfAsk(url) ?? '')?.[1];
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
