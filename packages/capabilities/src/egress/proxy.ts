// A proxy for the browsers of sessions: each connection passes the same rules and the same address checks.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { isPypesError, type NetworkRule } from '@pypes/contract';
import { openSocket } from './connect.ts';
import { findRoute, type Resolve, resolveWithSystem } from './route.ts';
import { toTarget } from './target.ts';

export type EgressProxyOptions = {
  readonly rules: readonly NetworkRule[];
  readonly resolve?: Resolve;
  /** Connections at once. */
  readonly connections?: number;
};

/** A proxy on the loopback interface, open to whoever knows its password: the one session that it was made for. */
export type EgressProxy = {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Ends it and every connection. */
  close(): Promise<void>;
};

const MOST_CONNECTIONS = 64;
const CONNECT_MS = 15_000;
/** What belongs to the connection with the proxy, not to the request. */
const HOP_BY_HOP: readonly string[] = [
  'connection',
  'proxy-connection',
  'proxy-authorization',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
];

/**
 * Starts a proxy. What goes through a tunnel (https, WebSockets) is not seen: there a rule that names methods does not
 * count, only one that means them all.
 */
export async function createEgressProxy(options: EgressProxyOptions): Promise<EgressProxy> {
  const { rules, resolve = resolveWithSystem, connections = MOST_CONNECTIONS } = options;
  const tunnelRules = rules.filter(({ methods }) => methods === undefined);
  const username = 'session';
  const password = randomBytes(24).toString('base64url');
  const expected = Buffer.from(`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`);
  const sockets = new Set<Socket>();

  const isKnown = (request: IncomingMessage): boolean => {
    const given = Buffer.from(request.headers['proxy-authorization'] ?? '');
    return given.length === expected.length && timingSafeEqual(given, expected);
  };

  async function open(method: string, url: string, from: readonly NetworkRule[]): Promise<Socket> {
    if (sockets.size >= connections) throw new Error('too many connections');
    const target = toTarget(method, url);
    const signal = AbortSignal.timeout(CONNECT_MS);
    const route = await findRoute(from, target, resolve, signal);
    // TLS is between the browser and the site: here bytes are passed on as they are.
    const socket = await openSocket({ ...target, secure: false }, route, signal);
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    return socket;
  }

  const server = createServer(async (request, response) => {
    if (!isKnown(request)) return refuse(response, 407, 'This proxy belongs to another session');
    try {
      const url = request.url ?? '';
      if (!url.startsWith('http://')) return refuse(response, 400, 'A proxy takes absolute http: addresses');
      const socket = await open(request.method ?? 'GET', url, rules);
      forward(request, response, url, socket);
    } catch (error) {
      refuse(response, isPypesError(error) && error.code === 'policy_denied' ? 403 : 502, textOf(error));
    }
  });

  server.on('connect', (request: IncomingMessage, client: Socket, head: Buffer) => {
    client.on('error', () => client.destroy());
    if (!isKnown(request)) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm="session"\r\n\r\n');
      return;
    }
    open('CONNECT', `https://${request.url ?? ''}/`, tunnelRules).then(
      (socket) => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        if (head.length > 0) socket.write(head);
        socket.pipe(client).pipe(socket);
        client.on('close', () => socket.destroy());
        socket.on('close', () => client.destroy());
      },
      (error: unknown) => {
        const denied = isPypesError(error) && error.code === 'policy_denied';
        client.end(`HTTP/1.1 ${denied ? '403 Forbidden' : '502 Bad Gateway'}\r\n\r\n`);
      },
    );
  });
  server.on('clientError', (_error, socket) => socket.destroy());

  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', listening);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    username,
    password,
    close: () =>
      new Promise<void>((closed) => {
        for (const socket of sockets) socket.destroy();
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
}

function forward(request: IncomingMessage, response: ServerResponse, address: string, socket: Socket): void {
  const { pathname, search, host } = new URL(address);
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
  const upstream = httpRequest(
    {
      createConnection: () => socket,
      method: request.method,
      path: pathname + search,
      headers: { ...headers, host },
    },
    (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    },
  );
  upstream.on('error', () => response.destroy());
  response.on('close', () => socket.destroy());
  request.pipe(upstream);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  const headers = status === 407 ? { 'proxy-authenticate': 'Basic realm="session"' } : {};
  response.writeHead(status, { ...headers, 'content-type': 'text/plain' }).end(message);
}

/** The address stays unsaid where it was looked up. */
function textOf(error: unknown): string {
  return isPypesError(error) ? error.message : 'No connection';
}
