// A real server on a free port, for what only a socket shows.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';

/** A server; `drop` breaks every connection that is open. */
export type Listening = { readonly url: string; readonly port: number; drop(): void; close(): Promise<void> };

export async function listen(fetch: (request: Request) => Promise<Response>): Promise<Listening> {
  const server = createAdaptorServer({ fetch, hostname: '127.0.0.1' }) as Server;
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    drop: () => server.closeAllConnections(),
    async close() {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What a server answers to these bytes, until it closes the connection or `ms` have passed. */
export async function sendBytes(port: number, bytes: string, ms = 300): Promise<string> {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    const end = () => {
      clearTimeout(timer);
      socket.destroy();
      resolve(text);
    };
    const timer = setTimeout(end, ms);
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
    });
    socket.on('close', end);
    socket.on('error', end);
  });
}
