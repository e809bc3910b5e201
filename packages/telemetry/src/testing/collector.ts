// A collector of this machine: a real HTTP server that keeps what arrives, answers as it is told to, or never.
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Received = {
  readonly path: string;
  readonly type: string;
  readonly headers: Headers;
  readonly body: unknown;
};
type Headers = { readonly [name: string]: string | readonly string[] | undefined };

/** An attribute, as OTLP's JSON has it. */
type Attribute = { readonly key: string; readonly value: { readonly [kind: string]: unknown } };
/** A span, as OTLP's JSON has it. */
export type WireSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: number; readonly message?: string };
  readonly attributes: readonly Attribute[];
  readonly events: readonly { readonly name: string; readonly attributes: readonly Attribute[] }[];
};

/** `answer`: a status, or `never`. */
export async function startCollector(answer: number | 'never' = 200) {
  const received: Received[] = [];
  const sockets = new Set<Socket>();
  let arrived: () => void = () => undefined;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { url: path = '', headers } = request;
      received.push({
        path,
        type: headers['content-type'] ?? '',
        headers,
        body: JSON.parse(Buffer.concat(chunks).toString()),
      });
      arrived();
      if (answer !== 'never') response.writeHead(answer, { 'content-type': 'application/json' }).end('{}');
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      arrived();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    received,
    sockets,
    spans: (): readonly WireSpan[] =>
      received.filter(({ path }) => path === '/v1/traces').flatMap(({ body }) => spansOf(body)),
    /** Resolves once something that arrives, or a connection that ends, makes it true. */
    async until(isTrue: () => boolean): Promise<void> {
      while (!isTrue()) {
        await new Promise<void>((next) => {
          arrived = next;
        });
      }
    },
    async close(): Promise<void> {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  };
}

type Traces = {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[] }[];
};

function spansOf(body: unknown): readonly WireSpan[] {
  return (body as Traces).resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));
}

/** Attributes by name, as plain values. */
export function plain(attributes: readonly Attribute[]): { readonly [name: string]: unknown } {
  return Object.fromEntries(
    attributes.map(({ key, value: { arrayValue, ...value } }) => [
      key,
      arrayValue === undefined
        ? Object.values(value)[0]
        : (arrayValue as { readonly values: readonly { readonly stringValue: string }[] }).values.map(
            ({ stringValue }) => stringValue,
          ),
    ]),
  );
}
