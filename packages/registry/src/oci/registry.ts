// One repository of an OCI registry over an injected fetch: requests with authorization, bounds and checked digests.
import { type Digest, toDigest } from '../encoding/digest.ts';
import { fault } from '../faults.ts';
import { type DownloadLimits, type Fetch, type Guard, readBody, request } from '../http/download.ts';
import { withRedirects } from '../http/follow.ts';
import { answerChallenge, type Credentials } from './auth.ts';
import type { Descriptor } from './manifest.ts';

/** How to reach a repository. */
export type OciOptions = {
  readonly fetch: Fetch;
  readonly host: string;
  readonly repository: string;
  readonly credentials?: Credentials;
  readonly limits?: Partial<OciLimits>;
};

/** Bounds of what a registry may send. */
export type OciLimits = {
  readonly manifestBytes: number;
  readonly configBytes: number;
  readonly layerBytes: number;
  readonly idleMs: number;
  readonly totalMs: number;
};

export const DEFAULT_OCI_LIMITS: OciLimits = {
  manifestBytes: 4 * 1024 * 1024,
  configBytes: 1024 * 1024,
  layerBytes: 32 * 1024 * 1024,
  idleMs: 10_000,
  totalMs: 300_000,
};

/** The answer to a request. */
export type OciAnswer = { readonly status: number; readonly headers: Headers; readonly body: Buffer };

/** A repository of a registry. */
export interface OciRepository {
  readonly limits: OciLimits;
  /** `https://HOST`. */
  readonly origin: string;
  /** Sends a request below `/v2/REPOSITORY/`, or to an address that the registry named. */
  send(method: string, path: string, options?: SendOptions): Promise<OciAnswer>;
  /** @throws PypesError with the reason `tampered`, `too_large`, `endless` or `missing` */
  loadBlob(descriptor: Descriptor, maxBytes: number): Promise<Buffer>;
}

/** What a request carries, and how much may come back. */
export type SendOptions = {
  readonly headers?: { readonly [name: string]: string };
  readonly body?: Uint8Array;
  readonly maxBytes?: number;
};

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/;

/** Opens a repository; plain http is for this machine only. */
export function openOciRepository({ fetch, host, repository, credentials, limits: given }: OciOptions): OciRepository {
  const limits = { ...DEFAULT_OCI_LIMITS, ...given };
  const origin = `${LOOPBACK.test(host) ? 'http' : 'https'}://${host}`;
  const base = `${origin}/v2/${repository}/`;
  const follow = withRedirects(fetch);
  let authorization: string | undefined;

  const once = async (
    method: string,
    url: string,
    { headers = {}, body, maxBytes }: SendOptions,
  ): Promise<OciAnswer> => {
    const bounds: DownloadLimits = {
      maxBytes: maxBytes ?? limits.manifestBytes,
      idleMs: limits.idleMs,
      totalMs: limits.totalMs,
    };
    // An upload may go to another host, which gets no credentials of this one.
    const own = authorization !== undefined && new URL(url).origin === origin;
    const init: RequestInit = {
      method,
      headers: { ...headers, ...(own ? { authorization: authorization! } : {}) },
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    };
    const read = async (response: Response, guard: Guard) => ({
      status: response.status,
      headers: response.headers,
      body: method === 'HEAD' ? Buffer.alloc(0) : await readBody(response, url, bounds, guard),
    });
    return request(method === 'GET' || method === 'HEAD' ? follow : fetch, url, bounds, init, read);
  };

  const send = async (method: string, path: string, options: SendOptions = {}): Promise<OciAnswer> => {
    const url = new URL(path, base).href;
    const answer = await once(method, url, options);
    const challenge = answer.headers.get('www-authenticate');
    if (answer.status !== 401 || challenge === null || new URL(url).origin !== origin) return answer;
    const scope = `repository:${repository}:${method === 'GET' || method === 'HEAD' ? 'pull' : 'pull,push'}`;
    const bounds = { maxBytes: limits.configBytes, idleMs: limits.idleMs, totalMs: limits.totalMs };
    authorization = await answerChallenge(fetch, origin, challenge, scope, credentials, bounds);
    return authorization === undefined ? answer : once(method, url, options);
  };

  return {
    limits,
    origin,
    send,
    async loadBlob(descriptor, maxBytes) {
      if (descriptor.size > maxBytes) {
        throw fault('too_large', `A blob of ${host} has ${descriptor.size} bytes; ${maxBytes} are allowed`, {
          maxBytes,
        });
      }
      const answer = await send('GET', `blobs/${descriptor.digest}`, { maxBytes: descriptor.size });
      expectStatus(answer, [200], `${host}/${repository} blob ${descriptor.digest}`);
      checkDigest(answer.body, descriptor.digest, `a blob of ${host}/${repository}`);
      return answer.body;
    },
  };
}

/** @throws PypesError with the reason `missing` or `unreachable` */
export function expectStatus(answer: OciAnswer, wanted: readonly number[], what: string): void {
  if (wanted.includes(answer.status)) return;
  if (answer.status === 404) throw fault('missing', `There is no ${what}; check the name and the tag`);
  const refused = answer.status === 401 || answer.status === 403;
  const hint = refused ? 'give credentials that may do this' : answer.body.toString('utf8').slice(0, 200);
  throw fault('unreachable', `The registry answers ${answer.status} for ${what}; ${hint}`, { status: answer.status });
}

/** @throws PypesError with the reason `tampered` */
export function checkDigest(bytes: Uint8Array, wanted: Digest, what: string): void {
  const got = toDigest(bytes);
  if (got === wanted) return;
  throw fault('tampered', `The bytes of ${what} have the digest ${got} instead of ${wanted}; nothing was loaded`, {
    wanted,
    got,
  });
}
