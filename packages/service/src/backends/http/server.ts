// node:http behind a look at each connection: plain calls are answered at once, everything else goes through Hono's adapter.
import { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Service } from '../../http/service.ts';
import { createListener } from './listener.ts';
import { PlainConnection } from './plain/connection.ts';
import { PlainConnections } from './plain/connections.ts';

/** A server that does not listen yet. `hostname` stands in for a Host header that is missing. */
export function createHttpServer(service: Service, hostname: string): Server {
  return new ServiceServer(service, hostname);
}

class ServiceServer extends Server {
  readonly #plain = new PlainConnections();

  constructor(service: Service, hostname: string) {
    const adapter = createListener(service.fetch, hostname);
    super((incoming, outgoing) => void adapter(incoming, outgoing));
    const toHttp = this.listeners('connection') as ((socket: Socket) => void)[];
    this.removeAllListeners('connection');
    const server = {
      service,
      keepAliveMs: () => this.keepAliveTimeout,
      isListening: () => this.listening,
      handOver: (socket: Socket) => {
        for (const take of toHttp) take.call(this, socket);
      },
      left: (connection: PlainConnection) => this.#plain.delete(connection),
    };
    this.on('connection', (socket) => this.#plain.add(new PlainConnection(socket, server)));
  }

  override closeIdleConnections(): void {
    this.#plain.closeIdle();
    super.closeIdleConnections();
  }

  override closeAllConnections(): void {
    this.#plain.close();
    super.closeAllConnections();
  }
}
