// Follows redirects by hand: a few of them, never from https to http, and never with credentials to another host.
import { fault } from '../faults.ts';
import type { Fetch } from './download.ts';

const MOST_REDIRECTS = 5;
const REDIRECTS = [301, 302, 303, 307, 308];

/** A fetch for GET and HEAD that follows redirects safely, over one that is asked not to follow them. */
export function withRedirects(fetch: Fetch): Fetch {
  return async (url, init = {}) => {
    let at = new URL(url);
    let headers = new Headers(init.headers);
    for (let count = 0; count <= MOST_REDIRECTS; count++) {
      const response = await fetch(at.href, { ...init, headers, redirect: 'manual' });
      const location = response.headers.get('location');
      if (!REDIRECTS.includes(response.status) || location === null) return response;
      await response.body?.cancel();
      const next = toTarget(location, at);
      if (next.origin !== at.origin) {
        headers = new Headers(headers);
        for (const name of ['authorization', 'cookie', 'proxy-authorization']) headers.delete(name);
      }
      at = next;
    }
    throw fault('unreachable', `${url} redirects more than ${MOST_REDIRECTS} times; check the address`, { url });
  };
}

function toTarget(location: string, from: URL): URL {
  const next = URL.canParse(location, from) ? new URL(location, from) : undefined;
  const allowed = next?.protocol === 'https:' || (next?.protocol === 'http:' && from.protocol === 'http:');
  if (next !== undefined && allowed) return next;
  throw fault('unreachable', `${from.href} redirects to "${location.slice(0, 200)}", which is not safe to follow`, {
    url: from.href,
  });
}
