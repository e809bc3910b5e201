// Answers as bytes: what is in them, and what cannot be.
import { connect, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { sendAnswer, sendResponse } from './answer.ts';

/** What a client gets of that which is sent on its connection. */
async function sent(send: (socket: Socket) => unknown): Promise<string> {
  const failures: unknown[] = [];
  const server = createServer(async (socket) => {
    try {
      await send(socket);
    } catch (error) {
      failures.push(error);
    }
    socket.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as { port: number };
  let text = '';
  for await (const chunk of connect(port, '127.0.0.1').setEncoding('utf8')) text += chunk;
  server.close();
  if (failures.length > 0) throw failures[0];
  return text;
}

const answer = (headers: Readonly<Record<string, string>>, body = '{}') => ({ status: 200, headers, body });

it('counts bytes, not characters', async () => {
  const text = await sent((socket) => sendAnswer(socket, answer({ 'content-type': 'text/plain' }, 'Zoë 🎈'), 65));
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\ncontent-length: 9\r\ncontent-type: text\/plain\r\n/);
  expect(text).toMatch(/\r\nConnection: keep-alive\r\nKeep-Alive: timeout=65\r\n\r\nZoë 🎈$/);
});

it('says in its own words how long it is and whether another may follow', async () => {
  const text = await sent((socket) =>
    sendAnswer(socket, answer({ 'content-length': '5', connection: 'x' }), undefined),
  );
  expect(text.match(/content-length: .*|connection: .*/gi)).toEqual(['content-length: 2', 'Connection: close']);
});

it.each([
  ['a value with a line of its own', { 'x-a': 'b\r\nset-cookie: c' }],
  ['a value beyond ASCII', { 'x-a': 'é' }],
  ['a name with a line of its own', { 'x-a: b\r\nx-c': 'd' }],
])('is not sent with %s', async (_what, headers) => {
  const seen: number[] = [];
  await expect(
    sent((socket) => {
      try {
        sendAnswer(socket, answer(headers as unknown as Record<string, string>), 65);
      } finally {
        seen.push(socket.bytesWritten);
      }
    }),
  ).rejects.toThrow('cannot be sent');
  expect(seen).toEqual([0]);
});

it('of any type but a stream of events is whole', async () => {
  const text = await sent((socket) => sendResponse(socket, Response.json({ a: 1 }, { status: 202 }), 65));
  expect(text).toMatch(/^HTTP\/1\.1 202 Accepted\r\ncontent-length: 7\r\n[\s\S]*\r\n\r\n\{"a":1\}$/);
});

const eventsOf = (body: ReadableStream<Uint8Array> | null) =>
  new Response(body, { headers: { 'content-type': 'text/event-stream' } });

it('comes in chunks where it is a stream of events', async () => {
  const parts = ['data: a\n\n', '', 'data: Zoë\n\n'].map((part) => new TextEncoder().encode(part));
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      const part = parts.shift();
      if (part === undefined) controller.close();
      else controller.enqueue(part);
    },
  });
  const text = await sent((socket) => sendResponse(socket, eventsOf(stream), undefined));
  expect(text).toMatch(/\r\ntransfer-encoding: chunked\r\n/);
  expect(text).toMatch(/Connection: close\r\n\r\n9\r\ndata: a\n\n\r\nc\r\ndata: Zoë\n\n\r\n0\r\n\r\n$/);
});

it('may be a stream without anything in it', async () => {
  expect(await sent((socket) => sendResponse(socket, eventsOf(null), 65))).toMatch(/\r\n\r\n0\r\n\r\n$/);
});

it('stops asking a stream for more while its client does not read, and cancels it when the client goes', async () => {
  const part = new Uint8Array(65_536);
  const seen = { pulled: 0, canceled: false };
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        seen.pulled += 1;
        controller.enqueue(part);
      },
      cancel() {
        seen.canceled = true;
      },
    });
    void sendResponse(socket, eventsOf(stream), 65);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const client = connect((server.address() as { port: number }).port, '127.0.0.1');
  client.pause();
  let before = -1;
  await expect
    .poll(
      () => {
        const stands = seen.pulled > 0 && seen.pulled === before;
        before = seen.pulled;
        return stands;
      },
      { interval: 100 },
    )
    .toBe(true);
  // The system's own buffers take some megabytes.
  expect(seen.pulled).toBeLessThan(1_000);
  client.resume();
  await expect.poll(() => seen.pulled).toBeGreaterThan(before + 10);
  expect(seen.canceled).toBe(false);
  client.destroy();
  await expect.poll(() => seen.canceled).toBe(true);
  server.close();
});

it.each<[string, (socket: Socket) => void, readonly string[]]>([
  ['has gone before it begins', (socket) => socket.destroy(), []],
  ['is not written to any more', (socket) => socket.end(), ['data: a\n\n']],
])('cancels a stream whose client %s', async (_what, leave, parts) => {
  const seen = { canceled: false, over: false };
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    leave(socket);
    setTimeout(() => {
      const stream = new ReadableStream<Uint8Array>({
        start(controller) {
          for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
        },
        cancel() {
          seen.canceled = true;
        },
      });
      void sendResponse(socket, eventsOf(stream), 65).then(() => {
        seen.over = true;
      });
    }, 20);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const client = connect({ port: (server.address() as { port: number }).port, host: '127.0.0.1', allowHalfOpen: true });
  client.on('error', () => undefined).resume();
  await expect.poll(() => seen).toEqual({ canceled: true, over: true });
  client.destroy();
  server.close();
});
