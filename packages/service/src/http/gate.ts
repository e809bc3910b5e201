// Who may speak to the service at all: the Host header against DNS rebinding, the Origin header against web pages.
import { PypesError } from '@pypes/contract';
import type { WireRequest } from './wire-request.ts';

/** Rules of the gate. */
export type GateOptions = {
  /** Host names (without port) that requests may name. Undefined: any, for a service behind a proxy of its own. */
  readonly hosts?: readonly string[];
  /** Origins of web pages that may call, beside those of this machine: `https://chat.example.com`. */
  readonly origins?: readonly string[];
};

/** What the gate says of one request. */
export type GatePass = { readonly origin: string | undefined };

const LOCAL_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

/** Names of the loopback interface. */
export const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Checks a request's Host and Origin.
 *
 * @throws PypesError `forbidden`
 */
export function checkGate(request: WireRequest, options: GateOptions): GatePass {
  if (options.hosts !== undefined) checkHost(request, options.hosts);
  const origin = request.headers.get('origin') ?? undefined;
  if (origin !== undefined && !isAllowedOrigin(origin, options)) {
    throw new PypesError(
      'forbidden',
      `The web page at "${origin}" may not call this service; allow it with: pypes serve --origin ${origin}`,
    );
  }
  return { origin };
}

function checkHost(request: WireRequest, hosts: readonly string[]): void {
  const host = request.headers.get('host') ?? new URL(request.url).host;
  const name = host.replace(/:\d*$/, '').toLowerCase();
  if (hosts.includes(name)) return;
  throw new PypesError('forbidden', `The Host "${host}" is not this service's; it answers to ${hosts.join(', ')}`);
}

function isAllowedOrigin(origin: string, options: GateOptions): boolean {
  return LOCAL_ORIGIN.test(origin) || options.origins?.includes(origin) === true;
}

const ASKED_HEADERS =
  'authorization, content-type, idempotency-key, last-event-id, x-tenant-id, traceparent, range, if-range, if-none-match, ' +
  'mcp-session-id, mcp-protocol-version, mcp-method, mcp-name, pypes-user';
const SHOWN_HEADERS = 'location, retry-after, etag, content-range, accept-ranges, content-disposition, mcp-session-id';

/** Adds what a browser needs to hand the answer to an allowed page. */
export function addCorsHeaders(response: Response, origin: string): Response {
  response.headers.set('access-control-allow-origin', origin);
  response.headers.set('access-control-expose-headers', SHOWN_HEADERS);
  response.headers.append('vary', 'Origin');
  return response;
}

/** The answer to a preflight of an allowed page. */
export function answerPreflight(request: Request, origin: string): Response {
  const headers = new Headers({
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST, DELETE, OPTIONS',
    'access-control-allow-headers': ASKED_HEADERS,
    'access-control-max-age': '600',
    vary: 'Origin',
  });
  if (request.headers.get('access-control-request-private-network') === 'true') {
    headers.set('access-control-allow-private-network', 'true');
  }
  return new Response(null, { status: 204, headers });
}
