// Signed requests and answers between two endpoints: who sent them, when, once, and unchanged.
import { PypesError } from '../../errors.ts';
import { readLimited } from '../read-limited.ts';
import { REMOTE_BASE } from '../requests.ts';
import { digestOf, type RemoteKey } from './key.ts';
import type { NonceMemory } from './nonces.ts';

const TIME = 'pypes-remote-time';
const NONCE = 'pypes-remote-nonce';
const DIGEST = 'pypes-remote-digest';
const SIGNATURE = 'pypes-remote-signature';

/** A request whose sender has the key. Its body has yet to be read, and compared. */
export type SignedRequest = { readonly nonce: string; readonly digest: string };

type Headers = { readonly [name: string]: string };

/** The headers of a request to `url`, which is signed from `/api/remote/` on: what stands before may be a proxy's. */
export async function signRequest(
  key: RemoteKey,
  {
    url,
    body,
    now,
    nonce,
  }: { readonly url: string; readonly body: Uint8Array<ArrayBuffer>; readonly now: number; readonly nonce: string },
): Promise<Headers> {
  const [time, digest] = [String(now), await digestOf(body)];
  const signature = await key.sign(requestText('POST', url, time, nonce, digest));
  return { [TIME]: time, [NONCE]: nonce, [DIGEST]: digest, [SIGNATURE]: signature };
}

/**
 * Checks all that can be checked before the body is read, so that nobody without the key has one read.
 *
 * @throws PypesError `unauthorized`; `rate_limited` where no more nonces can be remembered
 */
export async function checkRequest(
  key: RemoteKey,
  request: Request,
  { now, windowMs, nonces }: { readonly now: number; readonly windowMs: number; readonly nonces: NonceMemory },
): Promise<SignedRequest> {
  const [time, nonce, digest, signature] = [TIME, NONCE, DIGEST, SIGNATURE].map(
    (name) => request.headers.get(name) ?? '',
  ) as [string, string, string, string];
  const isWhole = /^\d{1,15}$/.test(time) && /^[\w-]{16,64}$/.test(nonce) && /^sha256:[0-9a-f]{64}$/.test(digest);
  if (!isWhole || !(await key.verify(requestText(request.method, request.url, time, nonce, digest), signature))) {
    throw new PypesError('unauthorized', 'The request is not signed with the key of this endpoint');
  }
  const off = now - Number(time);
  if (Math.abs(off) > windowMs) {
    throw new PypesError(
      'unauthorized',
      `The request was signed ${Math.abs(Math.round(off / 1000))} s ${off > 0 ? 'ago' : 'ahead'}, at most ${windowMs / 1000} s are let in: set the clocks`,
    );
  }
  if (!nonces.take(nonce)) throw new PypesError('unauthorized', 'The request came before, and counts once');
  return { nonce, digest };
}

/**
 * The body, as it was signed.
 *
 * @throws PypesError `too_large`, `unauthorized` where it is another one
 */
export async function readSignedBody(
  request: Request,
  { digest }: SignedRequest,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  const body = declared > most ? undefined : await readLimited(request.body, most);
  if (body === undefined) {
    throw new PypesError('too_large', `The body has more than ${most} bytes`, {
      details: { limit: 'body_bytes', maximum: most },
    });
  }
  if ((await digestOf(body)) !== digest) {
    throw new PypesError('unauthorized', 'The body is not the one that was signed');
  }
  return body;
}

/** The header of an answer: only who has the key can have given it, to this one request. */
export async function signAnswer(
  key: RemoteKey,
  { nonce, status, body }: { readonly nonce: string; readonly status: number; readonly body: Uint8Array<ArrayBuffer> },
): Promise<Headers> {
  return { [SIGNATURE]: await key.sign(answerText(nonce, status, await digestOf(body))) };
}

export async function isAnswerSigned(
  key: RemoteKey,
  nonce: string,
  answer: { readonly headers: Response['headers']; readonly status: number },
  body: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  return key.verify(answerText(nonce, answer.status, await digestOf(body)), answer.headers.get(SIGNATURE) ?? '');
}

function requestText(method: string, url: string, time: string, nonce: string, digest: string): string {
  return ['pypes-remote/1 request', method, signedPath(url), time, nonce, digest].join('\n');
}

function answerText(nonce: string, status: number, digest: string): string {
  return ['pypes-remote/1 answer', nonce, String(status), digest].join('\n');
}

function signedPath(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname.slice(Math.max(0, pathname.lastIndexOf(REMOTE_BASE))) + search;
}
