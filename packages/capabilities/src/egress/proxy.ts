// A proxy for the browser of one session: every connection passes the same rules and address checks as a request does.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type NetworkRule, type PypesError, toPypesError } from '@pypes/contract';
import { createDeadline } from './deadline.ts';
import { forward } from './forward.ts';
import { createPassword } from './password.ts';
import { createRefusals } from './refusal-record.ts';
import { type Resolve, resolveWithSystem } from './route.ts';
import { type Target, toAuthority, toTarget } from './target.ts';
import { createTraffic, type TrafficLimits } from './traffic.ts';
import { openTunnel } from './tunnel.ts';

export type EgressProxyOptions = TrafficLimits & {
  readonly rules: readonly NetworkRule[];
  readonly resolve?: Resolve;
};

/** A proxy on the loopback interface, open to whoever knows its password: the one session that it was made for. */
export type EgressProxy = {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Why the last connection to `HOST:PORT` was not made; undefined where it was. */
  refusalOf(authority: string): PypesError | undefined;
  /** Ends it and every connection. */
  close(): Promise<void>;
};

/** Tells a refusal of the proxy from an answer of a site. */
export const REFUSAL_HEADER = 'x-pypes-refusal';

const CONNECT_MS = 15_000;
const HEADERS_MS = 10_000;

/**
 * Starts a proxy. What goes through a tunnel (https, WebSockets) is not seen: its method is CONNECT, which a rule
 * without methods includes, and one with methods only if it names CONNECT.
 *
 * @example
 * const proxy = await createEgressProxy({ rules: [parseNetworkRule('example.com')] });
 * await browser.newContext({ proxy: { server: proxy.url, username: proxy.username, password: proxy.password } });
 */
export async function createEgressProxy(options: EgressProxyOptions): Promise<EgressProxy> {
  const { rules, resolve = resolveWithSystem } = options;
  const password = createPassword();
  const refusals = createRefusals();
  const traffic = createTraffic(options);

  /** A connection for a client; refused or failed, it is said why. */
  async function open(method: string, text: string, client: Socket): Promise<{ target: Target; upstream: Socket }> {
    const target = toTarget(method, text);
    const gone = new AbortController();
    const onGone = () => gone.abort();
    client.once('close', onGone);
    const deadline = createDeadline([gone.signal], CONNECT_MS, 'connect_ms');
    try {
      const upstream = await traffic.connect(target, rules, resolve, deadline.signal);
      refusals.forget(toAuthority(target));
      return { target, upstream };
    } catch (error) {
      refusals.add(toAuthority(target), toPypesError(error));
      throw error;
    } finally {
      deadline.end();
      client.off('close', onGone);
    }
  }

  const server = createServer(async (request, response) => {
    if (!password.opens(request)) return refuse(response, 407, 'This proxy belongs to another session');
    const url = request.url ?? '';
    if (!/^http:\/\//i.test(url)) return refuse(response, 400, 'A proxy takes http: URLs');
    try {
      const { target, upstream } = await open(request.method ?? 'GET', url, request.socket);
      forward(traffic.count(request), response, target, traffic.count(upstream));
    } catch (error) {
      refuse(response, statusOf(error), toPypesError(error).message);
    }
  });
  server.on('connect', async (request: IncomingMessage, client: Socket, head: Buffer) => {
    client.on('error', () => client.destroy());
    if (!password.opens(request)) return end(client, 407);
    try {
      const { upstream } = await open('CONNECT', `https://${request.url ?? ''}/`, client);
      openTunnel(traffic.count(client), head, traffic.count(upstream));
    } catch (error) {
      end(client, statusOf(error));
    }
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('connection', traffic.keep);
  server.headersTimeout = HEADERS_MS;

  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', listening);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...password.credentials,
    refusalOf: refusals.find,
    close: () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        traffic.end();
      }),
  };
}

function statusOf(error: unknown): number {
  const { code } = toPypesError(error);
  return code === 'policy_denied' ? 403 : code === 'invalid_input' ? 400 : 502;
}

function refuse(response: ServerResponse, status: number, message: string): void {
  if (response.headersSent) return void response.destroy();
  const challenge = status === 407 ? { 'proxy-authenticate': 'Basic realm="session"' } : {};
  response.writeHead(status, { ...challenge, [REFUSAL_HEADER]: '1', 'content-type': 'text/plain; charset=utf-8' });
  response.end(message);
}

function end(client: Socket, status: number): void {
  const challenge = status === 407 ? 'proxy-authenticate: Basic realm="session"\r\n' : '';
  client.end(`HTTP/1.1 ${status} Refused\r\n${challenge}content-length: 0\r\nconnection: close\r\n\r\n`);
}
