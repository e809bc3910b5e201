// A real server on this machine that keeps a record of who connected: what was refused must not appear in it.
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Certificate } from './certificate.ts';

export type Site = {
  readonly port: number;
  /** `http://127.0.0.1:PORT`, with no final slash. */
  readonly url: string;
  /** `METHOD /path` of every request. */
  readonly requests: string[];
  readonly headers: IncomingMessage['headers'][];
  readonly bodies: string[];
  /** How many connections there were. */
  connections(): number;
  open(): number;
  close(): Promise<void>;
};

export async function openSite(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  options: { readonly host?: string; readonly certificate?: Certificate } = {},
): Promise<Site> {
  const { host = '127.0.0.1', certificate } = options;
  const requests: string[] = [];
  const headers: IncomingMessage['headers'][] = [];
  const bodies: string[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const listener: RequestListener = async (request, response) => {
    requests.push(`${request.method} ${request.url}`);
    headers.push(request.headers);
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    answer(request, response);
  };
  const server =
    certificate === undefined
      ? createServer({ maxHeaderSize: 1_000_000 }, listener)
      : createSecureServer({ ...certificate }, listener);
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${certificate === undefined ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    requests,
    headers,
    bodies,
    connections: () => connections,
    open: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
