// Requests on the platform's own HTTP client: any header, any bytes, a deadline for all of it, a bound for the answer.
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { type Answer, MOST_ANSWER_BYTES, NoAnswer, type Sent, type Transport } from './transport.ts';

const TIMEOUT_MS = 30_000;
const CHUNK_BYTES = 65_536;

const connections = new WeakMap<object, HttpAgent>();

/** @throws NoAnswer */
export const sendHttp: Transport = (url, sent) => {
  const { method = 'GET', timeoutMs = TIMEOUT_MS, signal } = sent;
  const what = `${method} ${url.slice(0, 200)}`;
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(new NoAnswer('aborted', `Nobody waits any longer for ${what}`));
    const request = open(new URL(url), sent);
    const end = (settle: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      settle();
    };
    const fail = (error: NoAnswer) =>
      end(() => {
        request.destroy();
        reject(error);
      });
    const abort = () => fail(new NoAnswer('aborted', `Nobody waits any longer for ${what}`));
    const timer = setTimeout(
      () => fail(new NoAnswer('too_slow', `No whole answer within ${timeoutMs} ms: ${what}`)),
      timeoutMs,
    );
    signal?.addEventListener('abort', abort, { once: true });
    request.on('error', (error) => fail(toNoAnswer(error, what)));
    request.on('upgrade', (_response, socket) => {
      socket.destroy();
      fail(new NoAnswer('hung_up', `The answer changes to another protocol: ${what}`));
    });
    request.on('response', (response) => {
      readAll(response).then(
        (bytes) => end(() => resolve(toAnswer(response, bytes))),
        (error: unknown) => fail(toNoAnswer(error, what)),
      );
    });
    write(request, sent);
  });
};

function open(target: URL, { method = 'GET', headers = {}, body, chunked, connection }: Sent): ClientRequest {
  const isSecure = target.protocol === 'https:';
  const payload = body === undefined ? undefined : toBytes(body);
  const length: { [name: string]: string } =
    payload === undefined
      ? {}
      : chunked === true
        ? { 'transfer-encoding': 'chunked' }
        : { 'content-length': String(payload.length) };
  return (isSecure ? requestHttps : requestHttp)(target, {
    method,
    agent: connection === undefined ? false : agentOf(connection, isSecure),
    headers: {
      accept: 'application/json',
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      ...length,
      ...headers,
    },
  });
}

/** One connection, kept. */
function agentOf(connection: object, isSecure: boolean): HttpAgent {
  const known = connections.get(connection);
  if (known !== undefined) return known;
  const agent = new (isSecure ? HttpsAgent : HttpAgent)({ keepAlive: true, maxSockets: 1, timeout: TIMEOUT_MS });
  connections.set(connection, agent);
  return agent;
}

function write(request: ClientRequest, { body, chunked }: Sent): void {
  const payload = body === undefined ? undefined : toBytes(body);
  if (payload === undefined || chunked !== true) {
    request.end(payload);
    return;
  }
  let at = 0;
  const more = () => {
    while (at < payload.length) {
      if (request.destroyed) return;
      const piece = payload.subarray(at, at + CHUNK_BYTES);
      at += piece.length;
      if (!request.write(piece)) {
        request.once('drain', more);
        return;
      }
    }
    request.end();
  };
  more();
}

async function readAll(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_ANSWER_BYTES) {
      throw new NoAnswer('too_large', `The answer has more than ${MOST_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function toAnswer(response: IncomingMessage, bytes: Buffer): Answer {
  const text = bytes.toString('utf8');
  return { status: response.statusCode ?? 0, headers: flat(response.headers), text, bytes, json: parse(text) };
}

function toNoAnswer(error: unknown, what: string): NoAnswer {
  if (error instanceof NoAnswer) return error;
  const { code = '', message = String(error) } = error as { readonly code?: string; readonly message?: string };
  const isAway = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)$/.test(code);
  return new NoAnswer(isAway ? 'unreachable' : 'hung_up', `${message}: ${what}`);
}

function toBytes(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

function flat(headers: NodeJS.Dict<string | string[]>): { readonly [name: string]: string } {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
