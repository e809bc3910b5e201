// The only way out to the network: every hop is checked against the rules, resolved once, and connected to what was checked.
import { type Egress, type EgressOptions, type EgressRequest, type EgressResponse, PypesError } from '@pypes/contract';
import type { Trust } from './connect.ts';
import { createDeadline } from './deadline.ts';
import { checkHeaders, withoutBodyHeaders, withoutSecrets } from './headers.ts';
import { type Hop, sendHop } from './hop.ts';
import { findRoute, type Resolve, resolveWithSystem } from './route.ts';
import { isSameOrigin, type Target, toTarget } from './target.ts';

/** What a test or an operator gives in. */
export type EgressSetup = {
  /** Every address of a host; the system's when left out. */
  readonly resolve?: Resolve;
  /** Whom to trust instead of the well-known authorities. */
  readonly trust?: Trust;
};

const METHOD = /^[A-Z]{1,32}$/;
const REFUSED_METHODS: readonly string[] = ['CONNECT', 'TRACE', 'TRACK'];

/**
 * No proxy variables of the environment, no cookies, no cache, no connection that outlives its request.
 *
 * @example
 * const egress = createEgress();
 * await egress.fetch(
 *   { method: 'GET', url: 'https://api.example.com/', headers: [] },
 *   { rules: [parseNetworkRule('api.example.com:443')], signal, timeoutMs: 30_000, responseBytes: 8_388_608, redirects: 5 },
 * );
 */
export function createEgress(setup: EgressSetup = {}): Egress {
  const closing = new AbortController();
  return {
    async fetch(request, options) {
      const hop = toFirstHop(request);
      const deadline = createDeadline([options.signal, closing.signal], options.timeoutMs);
      try {
        return await follow(hop, { ...options, signal: deadline.signal }, setup);
      } finally {
        deadline.end();
      }
    },
    async close() {
      closing.abort(new PypesError('unavailable', 'The egress was closed'));
    },
  };
}

function toFirstHop({ method, url, headers, body }: EgressRequest): Hop {
  if (!METHOD.test(method) || REFUSED_METHODS.includes(method)) {
    throw new PypesError('invalid_input', `fetch takes a method such as GET or POST, got "${method.slice(0, 40)}"`);
  }
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) {
    throw new PypesError('invalid_input', `${method} takes no body`);
  }
  return { target: toTarget(method, url), headers: checkHeaders(headers), body };
}

async function follow(begin: Hop, options: EgressOptions, setup: EgressSetup): Promise<EgressResponse> {
  const { rules, signal, redirects } = options;
  let hop = begin;
  for (let followed = 0; ; followed += 1) {
    const route = await findRoute(rules, hop.target, setup.resolve ?? resolveWithSystem, signal);
    const { response, location } = await sendHop(hop, route, options, setup.trust);
    if (location === undefined) return response;
    if (followed >= redirects) throw tooMany(redirects);
    hop = redirected(hop, response.status, location);
  }
}

/** The next hop, as the Fetch standard has it, but for headers: what is not known to be harmless stays behind. */
function redirected({ target, headers, body }: Hop, status: number, location: string): Hop {
  const { method } = target;
  const turnsToGet =
    status === 303 ? method !== 'GET' && method !== 'HEAD' : (status === 301 || status === 302) && method === 'POST';
  const next = toNext(turnsToGet ? 'GET' : method, location, target);
  const kept = isSameOrigin(target, next) ? headers : withoutSecrets(headers);
  return turnsToGet
    ? { target: next, headers: withoutBodyHeaders(kept), body: undefined }
    : { target: next, headers: kept, body };
}

function toNext(method: string, location: string, from: Target): Target {
  try {
    return toTarget(method, location, from.url);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new PypesError('policy_denied', `${from.url.host} redirects to what is refused: ${message}`, {
      cause: error,
    });
  }
}

function tooMany(maximum: number): PypesError {
  return new PypesError('resource_exhausted', `The request was redirected more than ${maximum} times`, {
    details: { limit: 'fetch_redirects', maximum },
  });
}
