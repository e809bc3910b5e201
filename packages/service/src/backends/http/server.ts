// node:http in front of a service: plain calls go straight to it, everything else through Hono's adapter.
import { createServer, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Answer } from '../../http/answers.ts';
import type { Service } from '../../http/service.ts';
import { isPlainCall, PlainCall } from './plain-call.ts';

/** A server that does not listen yet. `hostname` stands in for a Host header that is missing. */
export function createHttpServer(service: Service, hostname: string): Server {
  const adapter = getRequestListener(service.fetch, { hostname });
  return createServer((incoming, outgoing) => {
    if (!isPlainCall(incoming)) return void adapter(incoming, outgoing);
    service.answer(new PlainCall(incoming, outgoing)).then((answer) => send(answer, outgoing));
  });
}

function send({ status, headers, body }: Answer, outgoing: ServerResponse): void {
  if (outgoing.destroyed) return;
  const head = ['content-length', String(Buffer.byteLength(body))];
  for (const name in headers) head.push(name, headers[name] as string);
  outgoing.writeHead(status, head);
  outgoing.end(body);
}
