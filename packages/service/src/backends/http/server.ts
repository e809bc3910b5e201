// node:http in front of a service: plain calls go straight to it, everything else through Hono's adapter.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { type Answer, isWhole } from '../../http/answers.ts';
import type { Service } from '../../http/service.ts';
import { isPlainCall, PlainCall } from './plain-call.ts';

/** A server that does not listen yet. `hostname` stands in for a Host header that is missing. */
export function createHttpServer(service: Service, hostname: string): Server {
  const adapter = getRequestListener(service.fetch, { hostname });

  function answer(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const call = new PlainCall(incoming, outgoing);
    service.answer(call).then((answered) => {
      if (outgoing.destroyed) return;
      if (answered === undefined) {
        // What was read already is where the adapter looks first.
        if (call.bytes !== undefined) Object.assign(incoming, { rawBody: call.bytes });
        void adapter(incoming, outgoing);
      } else if (isWhole(answered)) send(answered, outgoing);
      else void getRequestListener(() => answered, { hostname })(incoming, outgoing);
    });
  }

  return createServer((incoming, outgoing) => {
    if (isPlainCall(incoming)) answer(incoming, outgoing);
    else void adapter(incoming, outgoing);
  });
}

function send({ status, headers, body }: Answer, outgoing: ServerResponse): void {
  const head = ['content-length', String(Buffer.byteLength(body))];
  for (const name in headers) head.push(name, headers[name] as string);
  outgoing.writeHead(status, head);
  outgoing.end(body);
}
