// One request through the proxy: sent on as it came, but for what belongs to the connection with the proxy.
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream';
import type { Target } from './target.ts';

const HOP_BY_HOP: readonly string[] = [
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'upgrade',
];
const HEADER_BYTES = 65_536;

/** `host` is the target's, whatever the client says: it is what was checked. */
export function forward(request: IncomingMessage, response: ServerResponse, target: Target, socket: Socket): void {
  const { pathname, search, host } = target.url;
  const upstream = httpRequest(
    {
      createConnection: () => socket,
      method: target.method,
      path: pathname + search,
      headers: { ...endToEnd(request.headers), host, connection: 'close' },
      maxHeaderSize: HEADER_BYTES,
    },
    (answer) => {
      begin(response, answer);
      pipeline(answer, response, () => socket.destroy());
    },
  );
  upstream.on('error', () => response.destroy());
  // Nobody was asked to: the connection is not one of HTTP any more, and there is no answer to wait for.
  upstream.on('upgrade', () => response.destroy());
  response.once('close', () => socket.destroy());
  pipeline(request, upstream, () => undefined);
}

/** A site may answer what is no answer: a status like 0, which would be thrown where nobody catches it. */
function begin(response: ServerResponse, { statusCode = 0, headers }: IncomingMessage): void {
  try {
    response.writeHead(statusCode, endToEnd(headers));
  } catch {
    response.writeHead(502);
  }
}

function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? '').toLowerCase().split(/\s*,\s*/);
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name) && !named.includes(name)),
  );
}
