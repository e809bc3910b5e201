// A tunnel through the proxy: bytes both ways, and an end for both when one ends.
import type { Socket } from 'node:net';

/** @param head what the client sent before it had an answer */
export function openTunnel(client: Socket, head: Buffer, upstream: Socket): void {
  client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  if (head.length > 0) upstream.write(head);
  client.once('close', () => upstream.destroy());
  upstream.once('close', () => client.destroySoon());
  if (client.destroyed) upstream.destroy();
  upstream.pipe(client).pipe(upstream);
}
