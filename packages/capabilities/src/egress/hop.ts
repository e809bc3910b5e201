// One request and its answer, on a connection of its own: nothing is kept, so nothing can be taken over.
import type { Readable } from 'node:stream';
import { type EgressResponse, PypesError } from '@pypes/contract';
import { Client, type Dispatcher } from 'undici';
import { readBody } from './body.ts';
import { openSocket, type Trust } from './connect.ts';
import { codingsOf } from './decode.ts';
import type { Headers } from './headers.ts';
import type { Route } from './route.ts';
import { type Target, toAuthority } from './target.ts';

/** What goes out. */
export type Hop = { readonly target: Target; readonly headers: Headers; readonly body: Uint8Array | undefined };

/** An answer, or where it says to ask instead: then its body was not read. */
export type HopAnswer = { readonly response: EgressResponse; readonly location: string | undefined };

/** Bytes of the answer's head. */
const HEADER_BYTES = 32_768;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** @throws PypesError `unavailable`, `resource_exhausted`; the signal's reason */
export async function sendHop(
  hop: Hop,
  route: Route,
  limits: { readonly responseBytes: number; readonly signal: AbortSignal },
  trust: Trust | undefined,
): Promise<HopAnswer> {
  const { target } = hop;
  const { signal } = limits;
  const socket = await openSocket(target, route, signal, trust);
  const sockets = [socket];
  const client = new Client(target.url.origin, {
    connect: (_options, answer) => {
      const [only] = sockets.splice(0);
      // Not at once: undici is not ready for that.
      setImmediate(() => {
        if (only === undefined) answer(new Error('The one connection was used'), null);
        else answer(null, only);
      });
    },
    allowH2: false,
    pipelining: 0,
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  // With an error: without one, undici takes the end of the socket for the end of an answer that says no length, and
  // ends the process where the request was aborted in the meantime.
  const hangUp = () => socket.destroy(new Error('The request is over'));
  signal.addEventListener('abort', hangUp, { once: true });
  try {
    const answer = await client.request({
      method: target.method as Dispatcher.HttpMethod,
      path: `${target.url.pathname}${target.url.search}`,
      headers: hop.headers.flat(),
      body: hop.body ?? null,
      signal,
    });
    return await toAnswer(answer, target, limits.responseBytes);
  } catch (error) {
    throw signal.aborted ? signal.reason : toUnavailable(error, target);
  } finally {
    signal.removeEventListener('abort', hangUp);
    hangUp();
    await client.destroy();
  }
}

async function toAnswer(answer: Dispatcher.ResponseData, target: Target, responseBytes: number): Promise<HopAnswer> {
  const { statusCode, statusText, headers } = answer;
  const body: Readable = answer.body.on('error', () => undefined);
  const location = REDIRECTS.includes(statusCode) ? first(headers.location) : undefined;
  const bodiless = target.method === 'HEAD' || statusCode === 204 || statusCode === 304;
  const codings = location !== undefined || bodiless ? [] : codingsOf(all(headers['content-encoding']).join(','));
  const bytes = location === undefined ? await readBody(body, codings, responseBytes) : new Uint8Array();
  const response = {
    status: statusCode,
    statusText,
    url: target.url.href,
    headers: Object.entries(headers)
      .filter(([name]) => codings.length === 0 || (name !== 'content-encoding' && name !== 'content-length'))
      .flatMap(([name, value]) => all(value).map((one) => [name, one] as const)),
    body: bytes,
  };
  return { response, location };
}

function all(value: string | string[] | undefined): readonly string[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function first(value: string | string[] | undefined): string | undefined {
  return all(value)[0];
}

function toUnavailable(error: unknown, target: Target): unknown {
  if (error instanceof PypesError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'HPE_HEADER_OVERFLOW') {
    return new PypesError(
      'resource_exhausted',
      `${toAuthority(target)} answered with more than ${HEADER_BYTES} bytes of headers`,
      {
        details: { limit: 'fetch_header_bytes', maximum: HEADER_BYTES },
      },
    );
  }
  const why = code === '' ? '' : ` (${code})`;
  return new PypesError('unavailable', `${toAuthority(target)} ended the connection before its answer${why}`, {
    cause: error,
  });
}
