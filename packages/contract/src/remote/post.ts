// One signed request and its answer: whoever gets an answer knows whether it came from where the key is.
import { PypesError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { readLimited } from './read-limited.ts';
import type { RemoteKey } from './sign/key.ts';
import { isAnswerSigned, signRequest } from './sign/sign.ts';

export type SignedPostParts = {
  readonly key: RemoteKey;
  readonly fetch: (address: string, init: RequestInit) => Promise<Response>;
  readonly now: () => number;
  readonly newId: () => string;
  /** Whom errors speak of: "The endpoint example.com". */
  readonly who: string;
};

export type SignedPostOptions = {
  /** Bytes of the answer. */
  readonly most: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
};

/** `said` is undefined where the answer is no JSON. */
export type SignedAnswer = { readonly status: number; readonly isSigned: boolean; readonly said: Json | undefined };

export type SignedPost = (url: string, body: JsonObject, options: SignedPostOptions) => Promise<SignedAnswer>;

/**
 * Redirects are not followed: a signature is for one address.
 *
 * @throws (of what it returns) PypesError `unavailable` where nobody answers, or with too much; `timeout`
 */
export function createSignedPost({ key, fetch, now, newId, who }: SignedPostParts): SignedPost {
  return async (url, body, { most, timeoutMs, signal }) => {
    const bytes = new TextEncoder().encode(JSON.stringify(body));
    const nonce = newId();
    const signed = await signRequest(key, { url, body: bytes, now: now(), nonce });
    const late = AbortSignal.timeout(timeoutMs);
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...signed, 'content-type': 'application/json' },
        body: bytes,
        redirect: 'manual',
        signal: signal === undefined ? late : AbortSignal.any([signal, late]),
      });
      const answer = await readLimited(response.body as ReadableStream<Uint8Array> | null, most);
      if (answer === undefined) throw new PypesError('unavailable', `${who} answers with more than ${most} bytes`);
      const isSigned = await isAnswerSigned(key, nonce, response, answer);
      return { status: response.status, isSigned, said: parse(answer) };
    } catch (error) {
      if (error instanceof PypesError) throw error;
      if (late.aborted) throw new PypesError('timeout', `${who} took more than ${timeoutMs} ms`, { cause: error });
      throw new PypesError('unavailable', `${who} cannot be reached: ${reasonOf(error)}`, { cause: error });
    }
  };
}

function parse(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Json;
  } catch {
    return undefined;
  }
}

/** What a platform's fetch says is the least of it: the cause behind it is the reason. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const { code } = cause as { code?: unknown };
  return cause.message || String(code ?? error.message);
}
