// Bytes to a server and back, for tests that compare what comes back.
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

/** Sends bytes; gives everything that comes back until the connection is closed or a stream in it has ended. */
export function exchange(server: Server, bytes: Uint8Array | string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(portOf(server), '127.0.0.1', () => socket.write(bytes));
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      // A stream leaves its connection open.
      if (text.endsWith('\r\n0\r\n\r\n')) socket.destroy();
    });
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}

export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Status, headers without the time, and body. */
export function readAnswer(text: string) {
  const at = text.indexOf('\r\n\r\n');
  const [first, ...lines] = text.slice(0, at).split('\r\n');
  const headers = lines.map((line) => line.toLowerCase()).filter((line) => !line.startsWith('date:'));
  return { first, headers: headers.sort(), body: text.slice(at + 4) };
}

/** Servers that listen, on any port. */
export async function listen(servers: readonly Server[]): Promise<void> {
  for (const server of servers) {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  }
}

export function shut(servers: readonly Server[]): void {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
}
