// Requests and answers of the fake endpoint, and how wrong ones are made of it: mutations stand between it and the suite.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, NoAnswer, type Sent, type Transport } from '../../transport/transport.ts';

export type FakeRequest = {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: string;
  readonly chunked: boolean;
  readonly connection: object;
};

export type FakeAnswer = {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly body: string | Uint8Array;
};

export type Handler = (request: FakeRequest) => Promise<FakeAnswer>;

/** What stands between the suite and the endpoint. */
export type Mutation = (request: FakeRequest, next: Handler) => Promise<FakeAnswer>;

export const JSON_HEADERS = { 'content-type': 'application/json' };

export const answerJson = (body: unknown, status = 200, headers = {}): FakeAnswer => ({
  status,
  headers: { ...JSON_HEADERS, ...headers },
  body: JSON.stringify(body),
});

/** Requests without a socket. */
export function toTransport(handle: Handler): Transport {
  return async (url, sent) => {
    const { signal, timeoutMs } = sent;
    const tooLate = new Promise<never>((_, reject) => {
      const abort = () => reject(new NoAnswer('aborted', 'Nobody waits any longer'));
      if (signal?.aborted === true) abort();
      signal?.addEventListener('abort', abort, { once: true });
      if (timeoutMs !== undefined) {
        setTimeout(() => reject(new NoAnswer('too_slow', 'No whole answer')), timeoutMs).unref();
      }
    });
    return toAnswer(await Promise.race([handle(toRequest(url, sent)), tooLate]));
  };
}

function toRequest(url: string, { method = 'GET', headers = {}, body, chunked, connection }: Sent): FakeRequest {
  const { host, origin } = new URL(url);
  const text = body === undefined ? '' : typeof body === 'string' ? body : toText(body);
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method,
    // As it was written: what stands in an address is not for the client to tidy.
    path: url.slice(origin.length),
    headers: { host, 'content-type': 'application/json', ...Object.fromEntries(lower) },
    body: text,
    chunked: chunked === true,
    connection: connection ?? {},
  };
}

const toText = (body: unknown) =>
  body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : JSON.stringify(body);

function toAnswer({ status, headers, body }: FakeAnswer): Answer {
  const bytes = Buffer.from(body as string);
  const text = bytes.toString('utf8');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  return { status, headers, text, bytes, json };
}

/** The same endpoint on a socket. */
export async function listen(handle: Handler): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const { status, headers, body } = await handle({
        method: request.method ?? 'GET',
        path: request.url ?? '/',
        headers: request.headers as { readonly [name: string]: string },
        body: Buffer.concat(chunks).toString('utf8'),
        chunked: request.headers['transfer-encoding'] === 'chunked',
        connection: request.socket,
      });
      response.writeHead(status, headers);
      response.end(request.method === 'HEAD' ? undefined : body);
    });
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
