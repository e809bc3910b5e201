// Clients that read nothing: their connections end all the same, whatever was sent on them before.
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import { createEchoService, pause, post } from '../testing/echo-service.ts';
import { PlainConnection } from './connection.ts';

const SWEEPS = 3;

/** A connection on which nothing leaves: what is written waits. */
function openDeaf() {
  const socket = new Duplex({ read: () => undefined, write: () => undefined, allowHalfOpen: true });
  const seen = { handedOver: 0, left: 0 };
  const service = createEchoService();
  const connection = new PlainConnection(socket as Socket, {
    service,
    keepAliveMs: () => 1_000,
    isListening: () => true,
    handOver: () => {
      seen.handedOver += 1;
    },
    left: () => {
      seen.left += 1;
    },
  });
  const sweep = () => {
    for (let at = 0; at < SWEEPS; at++) connection.sweep();
  };
  return { socket, seen, service, sweep };
}

it.each([
  ['in the middle of a request', post('hello').slice(0, -1), 0],
  ['while its request is answered', post('wait'), 1],
  ['while its request is answered with a stream', post('stream'), 1],
])('a connection ends although the client has read nothing and stops sending %s', async (_what, bytes, stopped) => {
  const { socket, seen, service, sweep } = openDeaf();
  socket.push(post('first'));
  await pause();
  socket.push(bytes);
  await pause();
  socket.push(null);
  await pause();
  expect(service.seen.aborted).toBe(stopped);
  service.release();
  await pause();
  expect(socket.destroyed).toBe(false);
  sweep();
  await pause();
  expect(socket.destroyed).toBe(true);
  expect(seen).toEqual({ handedOver: 0, left: 1 });
});
