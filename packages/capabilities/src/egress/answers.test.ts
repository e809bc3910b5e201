// Answers of servers that mean harm: every one of them ends in an error of ours, in time, and with the connection closed.
import { createServer, type Socket } from 'node:net';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { openSocket } from './connect.ts';
import { createEgress } from './egress.ts';
import { toTarget } from './target.ts';
import { ask, headerOf, textOf } from './testing/asking.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(ends.splice(0).map((end) => end()));
});

/** A server that writes bytes as they are, and tells how many sockets are open. */
async function speak(answer: (socket: Socket) => void, host = '127.0.0.1') {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    socket.once('data', () => answer(socket));
  });
  await new Promise<void>((resolve, reject) => server.on('error', reject).listen(0, host, resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  ends.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { url: `http://${authority}/`, rules: [authority], open: () => sockets.size };
}

function encoded(coding: string, body: Uint8Array): (socket: Socket) => void {
  return (socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: ${coding}\r\ncontent-length: ${body.length}\r\n\r\n`);
    socket.end(body);
  };
}

describe('compression', () => {
  const text = 'x'.repeat(5_000);
  it.each([
    ['gzip', gzipSync(text)],
    ['GZIP', gzipSync(text)],
    ['x-gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['deflate', deflateRawSync(text)],
    ['deflate, gzip', gzipSync(deflateSync(text))],
    ['identity', Buffer.from(text)],
  ])('%s is undone, and its headers with it', async (coding, body) => {
    const server = await speak(encoded(coding, body));
    const response = await ask(server.url, server);
    expect(textOf(response)).toBe(text);
    if (coding !== 'identity') expect(headerOf(response, 'content-encoding')).toBeUndefined();
  });

  it('leaves what it does not know as it is', async () => {
    const server = await speak(encoded('zstd', Buffer.from('raw')));
    const response = await ask(server.url, server);
    expect([textOf(response), headerOf(response, 'content-encoding')]).toEqual(['raw', 'zstd']);
  });

  it.each([
    ['gzip', gzipSync(Buffer.alloc(50_000_000))],
    ['deflate', deflateRawSync(Buffer.alloc(50_000_000))],
    ['gzip, gzip', gzipSync(gzipSync(Buffer.alloc(50_000_000)))],
    ['gzip', Buffer.concat(Array.from({ length: 10_000 }, () => gzipSync('')))],
  ])('a %s bomb (%#) ends at the limit', async (coding, body) => {
    const server = await speak(encoded(coding, body));
    await expect(ask(server.url, { ...server, responseBytes: 10_000 })).rejects.toMatchObject({
      code: 'resource_exhausted',
      details: { limit: 'fetch_bytes', maximum: 10_000 },
    });
    await expect.poll(server.open).toBe(0);
  });

  it.each(['gzip', 'deflate', 'br'])('nonsense said to be %s', async (coding) => {
    const server = await speak(encoded(coding, Buffer.alloc(50, 0xff)));
    await expect(ask(server.url, server)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('too many layers', async () => {
    const server = await speak(encoded('gzip, gzip, gzip', gzipSync(gzipSync(gzipSync('x')))));
    await expect(ask(server.url, server)).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('a server that', () => {
  it.each([
    ['says nothing and closes', (socket: Socket) => socket.end()],
    ['speaks another protocol', (socket: Socket) => socket.end('220 mail.example ESMTP\r\n')],
    ['closes in the head', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-le')],
    ['closes in the body', (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc')],
    [
      'closes in a chunk',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab'),
    ],
    [
      'says two lengths',
      (socket: Socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'),
    ],
    [
      'says a length and chunks',
      (socket: Socket) =>
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n'),
    ],
    [
      'changes the protocol',
      (socket: Socket) => socket.end('HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    ],
  ])('%s is unavailable', async (_name, answer) => {
    const server = await speak(answer);
    await expect(ask(server.url, server)).rejects.toMatchObject({ code: 'unavailable' });
    await expect.poll(server.open).toBe(0);
  });

  it.each([
    ['drips its head', 'HTTP/1.1 200 OK\r\n', 'x: y\r\n'],
    ['drips hints', '', 'HTTP/1.1 103 Early Hints\r\n\r\n'],
    ['drips empty-looking chunks', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\nx\r\n'],
  ])('%s runs into the time limit', async (_name, begin, drop) => {
    const server = await speak((socket) => {
      socket.write(begin);
      const timer = setInterval(() => socket.write(drop), 20);
      socket.on('close', () => clearInterval(timer));
    });
    await expect(ask(server.url, { ...server, timeoutMs: 300 })).rejects.toMatchObject({
      code: 'timeout',
      details: { limit: 'fetch_ms', maximum: 300 },
    });
    await expect.poll(server.open).toBe(0);
  });

  // An error in a callback of the client would be nobody's to catch: it would end the process, and fails this file.
  describe.each([
    ['no length', 'HTTP/1.1 200 OK\r\n\r\n'],
    ['no length and a close', 'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n'],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\n'],
  ])('answers with %s and goes on', (_name, head) => {
    it.each(['', 'part', 'x'.repeat(300_000)])('runs into the time limit (%#)', async (part) => {
      const server = await speak((socket) => socket.write(head + part));
      await expect(ask(server.url, { ...server, timeoutMs: 300 })).rejects.toMatchObject({ code: 'timeout' });
      await expect.poll(server.open).toBe(0);
    });

    it('is left by the caller as it ends', async () => {
      const leaving = new AbortController();
      const server = await speak((socket) => {
        socket.write(`${head}part`);
        setTimeout(() => {
          socket.end();
          leaving.abort();
        }, 50);
      });
      await expect(ask(server.url, { ...server, signal: leaving.signal })).rejects.toMatchObject({ code: 'canceled' });
      await expect.poll(server.open).toBe(0);
    });

    it('is left behind where it redirects', async () => {
      const server = await speak((socket) => socket.write(`${head.replace('200 OK', '302 Found\r\nlocation: /')}part`));
      await expect(ask(server.url, { ...server, redirects: 2 })).rejects.toMatchObject({
        details: { limit: 'fetch_redirects' },
      });
      await expect.poll(server.open).toBe(0);
    });
  });

  it('sends headers without end is cut off', async () => {
    const server = await speak((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const timer = setInterval(() => socket.write(`x: ${'y'.repeat(4_000)}\r\n`), 1);
      socket.on('close', () => clearInterval(timer));
    });
    await expect(ask(server.url, server)).rejects.toMatchObject({ details: { limit: 'fetch_header_bytes' } });
    await expect.poll(server.open).toBe(0);
  });

  it('sends bytes without end is cut off', async () => {
    const server = await speak((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const flood = () => {
        while (!socket.destroyed && socket.write(Buffer.alloc(65_536)));
      };
      socket.on('drain', flood);
      flood();
    });
    await expect(ask(server.url, server)).rejects.toMatchObject({ details: { limit: 'fetch_bytes' } });
    await expect.poll(server.open).toBe(0);
  });

  it('resets the connection before anyone listens to it', async () => {
    const server = await speak(() => undefined);
    const socket = await openSocket(
      toTarget('GET', server.url),
      { addresses: ['127.0.0.1'] },
      new AbortController().signal,
    );
    const closed = new Promise((resolve) => socket.once('close', resolve));
    socket.destroy(new Error('reset'));
    await closed;
  });

  it('never answers the connection is given up', async () => {
    const asking = { setup: { resolve: () => new Promise<readonly string[]>(() => undefined) }, timeoutMs: 100 };
    await expect(ask('http://slow.example/', asking)).rejects.toMatchObject({ code: 'timeout' });
  });

  it('is not there is named without its address', async () => {
    const asking = { rules: ['private:gone.example:2'], setup: { resolve: async () => ['127.0.0.1'] } };
    const error = await ask('http://gone.example:2/', asking).catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(String(error)).not.toContain('127.0.0.1');
    await expect(ask('http://nowhere.example/')).rejects.toMatchObject({ code: 'unavailable' });
  });
});

it('one connection for each request, closed with it', async () => {
  let connections = 0;
  const server = await speak((socket) => {
    connections += 1;
    socket.write('HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: 2\r\n\r\nok');
  });
  const egress = createEgress();
  const { parseNetworkRule } = await import('@pypes/contract');
  const options = {
    rules: server.rules.map(parseNetworkRule),
    signal: new AbortController().signal,
    timeoutMs: 5_000,
    responseBytes: 100,
    redirects: 0,
  };
  await egress.fetch({ method: 'GET', url: server.url, headers: [] }, options);
  await egress.fetch({ method: 'GET', url: server.url, headers: [] }, options);
  expect(connections).toBe(2);
  await expect.poll(server.open).toBe(0);
  await egress.close();
  await expect(egress.fetch({ method: 'GET', url: server.url, headers: [] }, options)).rejects.toMatchObject({
    code: 'unavailable',
  });
});

it('a signal that is aborted already connects nothing, and its own error is kept', async () => {
  const server = await speak((socket) => socket.end());
  const signal = AbortSignal.abort(new Error('gone'));
  await expect(ask(server.url, { ...server, signal })).rejects.toMatchObject({ code: 'canceled' });
  expect(server.open()).toBe(0);
});

it('reaches IPv6 addresses that are named', async (context) => {
  const server = await speak((socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'), '::1').catch(
    () => undefined,
  );
  if (server === undefined) return context.skip('This machine has no ::1');
  expect(textOf(await ask(server.url, server))).toBe('ok');
  expect(textOf(await ask(server.url.replace('[::1]', 'localhost'), { rules: ['localhost:*'] }))).toBe('ok');
});
