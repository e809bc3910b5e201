// Signed requests to the endpoint, and what becomes of one that is down, is set up otherwise, or answers nonsense.
import { ERRORS, type ErrorCode, isJsonObject, type Json, type JsonObject, PypesError } from '@pypes/contract';
import { createSignedPost, REMOTE_BASE, type RemoteKey, type SignedPost } from '@pypes/contract/remote';
import type { RemoteOptions } from './options.ts';

export interface RemoteClient {
  /** An `unavailable` that names the endpoint. */
  refuse(what: string): PypesError;
  /**
   * @throws PypesError `unavailable` where it cannot be reached or does not answer as it should, `timeout`, and what it
   * refuses with
   */
  post(path: 'load' | 'run' | 'stop', body: JsonObject, options: Parameters<SignedPost>[2]): Promise<Json>;
}

type ClientParts = Pick<RemoteOptions, 'endpoint' | 'fetch'> & {
  readonly key: RemoteKey;
  readonly now: () => number;
  readonly newId: () => string;
};

export function createRemoteClient({ endpoint, ...parts }: ClientParts): RemoteClient {
  const { host } = new URL(endpoint);
  const base = `${endpoint.replace(/\/+$/, '')}${REMOTE_BASE}`;
  const who = `The endpoint ${host} for other languages`;
  const post = createSignedPost({ ...parts, who });
  const unavailable = (what: string) => new PypesError('unavailable', `${who} ${what}`);
  return {
    refuse: unavailable,
    async post(path, body, options) {
      const { status, isSigned, said } = await post(base + path, body, options);
      if (!isSigned) throw unavailable(refusalOf(status));
      if (said === undefined) throw unavailable('answers with what is no JSON');
      if (status === 200) return said;
      throw errorOf(said, host) ?? unavailable(`answers ${status}`);
    },
  };
}

/** Without a signature it may be anybody's answer: its status alone says something. */
function refusalOf(status: number): string {
  if (status === 401) return 'refuses the signature: PYPES_REMOTE_KEY is another one there, or the clocks differ';
  if (status === 403) return 'answers 403: its PYPES_ALLOW_HOSTS lacks the name that it is reached by';
  if (status === 404) return 'answers 404: it is not open to others, which PYPES_REMOTE_KEY makes it';
  if (status === 413) return 'answers 413: what was sent is more than it takes';
  if (status >= 300 && status < 400) return `answers ${status}: name the address that it leads to`;
  if (status === 200) return 'answers without a signature: it does not have PYPES_REMOTE_KEY';
  return `answers ${status}`;
}

function errorOf(said: Json, host: string): PypesError | undefined {
  if (!isJsonObject(said)) return undefined;
  const { code, message, status: _status, ...details } = said;
  if (typeof code !== 'string' || !Object.hasOwn(ERRORS, code) || typeof message !== 'string') return undefined;
  return new PypesError(code as ErrorCode, `${host}: ${message}`, { details });
}
