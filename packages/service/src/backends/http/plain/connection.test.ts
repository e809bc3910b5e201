// What becomes of a connection: requests in pieces, ahead of their answers or unlike plain ones, and clients that go.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { WireRequest } from '../../../http/wire-request.ts';
import { createHttpServer } from '../server.ts';
import { bodiesIn, createEchoService, MEGABYTE, open as openTo, pause, post } from '../testing/echo-service.ts';
import { exchange, listen, readAnswer, shut } from '../testing/exchange.ts';

const PATH = '/api/pack/test/agent';
const service = createEchoService();
const { seen, release } = service;
const direct = createHttpServer(service, '127.0.0.1');
const adapted = createAdaptorServer({ fetch: service.fetch, hostname: '127.0.0.1' }) as Server;
const open = (server = direct) => openTo(server);
beforeAll(() => listen([direct, adapted]));
afterAll(() => shut([direct, adapted]));
afterEach(() => {
  vi.restoreAllMocks();
  service.forget();
});

describe('requests', () => {
  it('follow each other on one connection, plain or not', async () => {
    const { socket, text } = await open();
    const bodies = ['one', 'two', 'Zoë 🎈', ''];
    for (const [at, body] of bodies.entries()) {
      socket.write(post(body));
      await expect.poll(() => text().split('HTTP/1.1 200').length).toBe(at + 2);
    }
    expect(seen.plainly).toBe(4);
    socket.write(post('five', { path: '/elsewhere' }));
    await expect.poll(text).toContain('"five"');
    // From then on it is node:http's.
    socket.write(post('six', { last: true }));
    await expect.poll(() => socket.closed).toBe(true);
    expect(bodiesIn(text())).toEqual([...bodies, 'five', 'six'].map((body) => JSON.stringify(body)));
    expect(seen.plainly).toBe(4);
  });

  it('are plain where their body comes in pieces', async () => {
    const body = 'x'.repeat(300);
    const whole = post(body, { last: true });
    const start = whole.length - body.length;
    for (const cut of [start, start + 1, whole.length - 1]) {
      const { socket, text } = await open();
      socket.write(whole.slice(0, cut));
      await pause();
      socket.write(whole.slice(cut));
      await expect.poll(() => socket.closed).toBe(true);
      expect(readAnswer(text()).body).toBe(JSON.stringify(body));
    }
    expect(seen.plainly).toBe(3);
  });

  it('are answered in their order, cut anywhere, with others before and behind them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.constantFrom(PATH, '/elsewhere', '/mcp'), fc.string({ unit: 'binary', maxLength: 20 })), {
          minLength: 1,
          maxLength: 4,
        }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
        fc.boolean(),
        async (requests, cuts, waits) => {
          const texts = requests.map(([, body]) => Buffer.from(body).toString());
          const bytes = Buffer.from(
            requests
              .map(([path], at) => post(texts[at] as string, { path, last: at === requests.length - 1 }))
              .join(''),
          );
          const { socket, text } = await open();
          let from = 0;
          for (const cut of [...cuts.sort((a, b) => a - b), 1]) {
            const to = Math.round(cut * bytes.length);
            socket.write(bytes.subarray(from, to));
            from = to;
            await (waits ? pause(2) : new Promise((turn) => setImmediate(turn)));
          }
          await expect.poll(() => socket.closed, { interval: 2 }).toBe(true);
          expect(bodiesIn(text())).toEqual(texts.map((body) => JSON.stringify(body.replace(/^\uFEFF/, ''))));
        },
      ),
      { numRuns: 300 },
    );
  }, 120_000);

  it('that come before the answer to the last one are answered after it', async () => {
    const { socket, text } = await open();
    socket.write(post('wait'));
    await expect.poll(() => seen.waiting.length).toBe(1);
    socket.write(post('second'));
    await pause();
    socket.write(post('third', { last: true }));
    await pause();
    expect(text()).toBe('');
    release();
    await expect.poll(() => socket.closed).toBe(true);
    expect(bodiesIn(text())).toEqual(['"wait"', '"second"', '"third"']);
  });

  it('that come before it are not read without end', async () => {
    let theirs: Socket | undefined;
    direct.once('connection', (socket) => {
      theirs = socket;
    });
    const { socket, text } = await open();
    socket.write(post('wait'));
    await expect.poll(() => seen.waiting.length).toBe(1);
    socket.write(Buffer.alloc(65_536));
    await expect.poll(() => theirs?.bytesRead).toBeGreaterThan(65_536);
    expect(theirs?.isPaused()).toBe(false);
    socket.write(Buffer.alloc(3_000_000));
    await expect.poll(() => theirs?.isPaused()).toBe(true);
    await pause();
    expect(theirs?.bytesRead).toBeLessThan(500_000);
    release();
    await expect.poll(() => socket.closed).toBe(true);
    expect(text()).toMatch(/^HTTP\/1\.1 200 [\s\S]*"wait"HTTP\/1\.1 400 /);
  });

  it('that come after the last are not answered', async () => {
    const { socket, text } = await open();
    socket.pause();
    socket.write(post('large, and the last'));
    await expect.poll(() => seen.plainly).toBe(1);
    await pause();
    socket.write(post('one more'));
    await pause();
    socket.resume();
    await expect.poll(() => socket.closed).toBe(true);
    expect(seen.plainly).toBe(1);
    expect(readAnswer(text()).body.length).toBe(20 * MEGABYTE.length + 2);
  });

  it.each([
    ['of 64 KiB in all is plain', 65_536, 1],
    ['of one byte more is not', 65_537, 0],
  ])('one %s', async (_what, bytes, plainly) => {
    const body = 'x'.repeat(bytes - post('', { last: true }).length - 4);
    const whole = post(body, { last: true });
    expect(whole.length).toBe(bytes);
    const { socket, text } = await open();
    socket.write(whole.slice(0, 1_000));
    await pause();
    socket.write(whole.slice(1_000));
    await expect.poll(() => socket.closed).toBe(true);
    expect(readAnswer(text()).body).toBe(JSON.stringify(body));
    expect(seen.plainly).toBe(plainly);
  });

  it.each([
    ['4.9 s is waited for', 4_900, 1],
    ['more than 5 s is left to node:http', 5_100, 0],
  ])('one whose body takes %s', async (_what, ms, plainly) => {
    const whole = post('hello', { last: true });
    const { socket, text } = await open();
    socket.write(whole.slice(0, -4));
    await pause();
    const real = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => real() + ms);
    socket.write(whole.slice(-4, -2));
    await pause();
    socket.write(whole.slice(-2));
    await expect.poll(() => socket.closed).toBe(true);
    expect(readAnswer(text()).body).toBe('"hello"');
    expect(seen.plainly).toBe(plainly);
  });

  it('of the MCP door that need a Request get one, and their connection stays', async () => {
    const { socket, text } = await open();
    socket.write(post('other', { path: '/mcp' }));
    await expect.poll(text).toContain('"other"');
    socket.write(post('plain', { last: true }));
    await expect.poll(() => socket.closed).toBe(true);
    expect(bodiesIn(text())).toEqual(['"other"', '"plain"']);
    expect(seen.plainly).toBe(2);
  });
});

describe('an answer', () => {
  it('that says so is the last', async () => {
    const { socket, text } = await open();
    socket.write(post('last'));
    await expect.poll(() => socket.closed).toBe(true);
    expect(text()).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\nConnection: close\r\n[\s\S]*"last"$/);
  });

  it('that is a stream leaves the connection for the next request', async () => {
    const { socket, text } = await open();
    socket.write(post('stream'));
    await expect.poll(text).toContain('data: begun');
    release();
    await expect.poll(text).toMatch(/\r\n0\r\n\r\n$/);
    socket.write(post('next', { last: true }));
    await expect.poll(() => socket.closed).toBe(true);
    expect(readAnswer(text().slice(text().lastIndexOf('HTTP/1.1'))).body).toBe('"next"');
  });

  it('that fails although it never should ends its connection, and no other', async () => {
    const { socket, text } = await open();
    socket.write(post('fails'));
    await expect.poll(() => socket.closed).toBe(true);
    expect(text()).toBe('');
    expect(await exchange(direct, post('fine', { last: true }))).toContain('"fine"');
  });

  it('is not followed by others while the client does not read', async () => {
    const { socket, text } = await open();
    socket.pause();
    const send = async () => {
      const before = seen.plainly;
      socket.write(post('large'));
      await pause(100);
      return seen.plainly > before;
    };
    let asked = 0;
    // The system's own buffers take some of them.
    while (await send()) expect(++asked).toBeLessThan(40);
    socket.resume();
    await expect.poll(() => seen.plainly).toBe(asked + 1);
    socket.write(post('done', { last: true }));
    await expect.poll(() => socket.closed).toBe(true);
    expect(text().length).toBeGreaterThan((asked + 1) * MEGABYTE.length);
  });
});

describe('a client that goes', () => {
  it('in the middle of its request hears that it was none, as from node:http', async () => {
    const sendHalf = async (server: Server) => {
      const { socket, text } = await open(server);
      socket.end(post('hello').slice(0, -1));
      await expect.poll(() => socket.closed).toBe(true);
      return text();
    };
    const [ours, theirs] = await Promise.all([sendHalf(direct), sendHalf(adapted)]);
    expect(ours).toBe(theirs);
    expect(ours).toContain(' 400 ');
    expect(seen.plainly).toBe(0);
  });

  it.each(['wait', 'stream'])('stops what it asked for: %s', async (what) => {
    const { socket, text } = await open();
    socket.write(post(what));
    await expect.poll(() => seen.waiting.length + text().length).toBeGreaterThan(0);
    expect(seen.aborted).toBe(0);
    socket.destroy();
    await expect.poll(() => seen.aborted).toBe(1);
  });

  it('after it has sent the next request stops the first one too', async () => {
    const { socket } = await open();
    socket.write(post('wait'));
    await expect.poll(() => seen.waiting.length).toBe(1);
    socket.write(post('next'));
    await pause();
    socket.destroy();
    await expect.poll(() => seen.aborted).toBe(1);
  });

  it('was gone already when somebody asks', async () => {
    const { socket } = await open();
    const before = seen.waiting.length;
    socket.write(post('wait'));
    await expect.poll(() => seen.waiting.length).toBe(before + 1);
    const call = seen.waiting.at(-1) as WireRequest;
    socket.resetAndDestroy();
    await expect.poll(() => call.signal.aborted).toBe(true);
    release();
    expect(await exchange(direct, post('fine', { last: true }))).toContain('"fine"');
  });
});
