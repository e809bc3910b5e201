// Requests as checks need them: any header, any bytes, every answer whole. Built on the platform alone.
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';

export type Sent = {
  readonly method?: string;
  readonly headers?: { readonly [name: string]: string };
  /** A value travels as JSON, a text or bytes as they are. */
  readonly body?: unknown;
  readonly timeoutMs?: number;
};

export type Answer = {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly text: string;
  readonly bytes: Uint8Array;
  /** The body as JSON; undefined where it is none. */
  readonly json: unknown;
};

const TIMEOUT_MS = 90_000;

/** @throws Error where nothing answers */
export function send(
  url: string,
  { method = 'GET', headers = {}, body, timeoutMs = TIMEOUT_MS }: Sent,
): Promise<Answer> {
  const target = new URL(url);
  const payload = body === undefined ? undefined : toBytes(body);
  return new Promise((resolve, reject) => {
    const request = (target.protocol === 'https:' ? requestHttps : requestHttp)(target, {
      method,
      agent: false,
      headers: {
        accept: 'application/json',
        ...(payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': payload.length }),
        ...headers,
      },
    });
    const timer = setTimeout(
      () => request.destroy(new Error(`No answer within ${timeoutMs} ms: ${method} ${url}`)),
      timeoutMs,
    );
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        clearTimeout(timer);
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString('utf8');
        resolve({ status: response.statusCode ?? 0, headers: flat(response.headers), text, bytes, json: parse(text) });
      });
    });
    request.end(payload);
  });
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
