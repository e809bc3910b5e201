// What becomes of a connection: requests in pieces, ahead of their answers or unlike plain ones, and clients that go.
import type { Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { jsonAnswer } from '../../../http/answers.ts';
import type { Service } from '../../../http/service.ts';
import type { WireRequest } from '../../../http/wire-request.ts';
import { createHttpServer } from '../server.ts';
import { exchange, listen, portOf, readAnswer, shut } from '../testing/exchange.ts';

const PATH = '/api/pack/test/agent';
const MEGABYTE = 'x'.repeat(1_000_000);

const seen = { plainly: 0, waiting: [] as WireRequest[], aborted: 0 };
let release = (): void => undefined;

/** Gives back what it was sent, by either way; some texts make it do more. */
const service: Service = {
  async answer(request) {
    seen.plainly += 1;
    const text = await request.text();
    if (text === 'other') return undefined;
    if (text === 'fails') throw new Error('never rejects');
    if (text === 'stream') return streamOf(request.signal);
    if (text === 'wait') {
      seen.waiting.push(request);
      request.signal.addEventListener('abort', () => (seen.aborted += 1));
      await new Promise<void>((released) => (release = released));
    }
    const answer = jsonAnswer(text.startsWith('large') ? MEGABYTE.repeat(text === 'large' ? 1 : 20) : text);
    return text.endsWith('last') ? { ...answer, headers: { ...answer.headers, connection: 'close' } } : answer;
  },
  async fetch(request) {
    const text = await request.text();
    if (text === 'slow') await pause(1_500);
    return Response.json(text, { headers: { 'content-type': 'application/json; charset=utf-8' } });
  },
};

function streamOf(signal: AbortSignal): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('data: begun\n\n'));
      signal.addEventListener('abort', () => (seen.aborted += 1));
      release = () => controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

const direct = createHttpServer(service, '127.0.0.1');
const adapted = createAdaptorServer({ fetch: service.fetch, hostname: '127.0.0.1' }) as Server;
beforeAll(() => listen([direct, adapted]));
afterAll(() => shut([direct, adapted]));
afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(seen, { plainly: 0, waiting: [], aborted: 0 });
});

function post(body: string, { last = false, path = PATH } = {}): string {
  const head = [`POST ${path} HTTP/1.1`, 'host: 127.0.0.1', `content-length: ${Buffer.byteLength(body)}`];
  return `${[...head, ...(last ? ['connection: close'] : [])].join('\r\n')}\r\n\r\n${body}`;
}

/** A connection, and everything that has come on it. */
async function open(server: Server = direct): Promise<{ readonly socket: Socket; text(): string; closed(): boolean }> {
  let text = '';
  const socket = connect({ port: portOf(server), host: '127.0.0.1', noDelay: true });
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  socket.on('error', () => undefined);
  await new Promise<void>((connected) => socket.once('connect', connected));
  return { socket, text: () => text, closed: () => socket.closed };
}

const bodiesIn = (text: string) => text.split(/(?=HTTP\/1\.1 \d)/).map((answer) => readAnswer(answer).body);
const pause = (ms = 20) => new Promise((done) => setTimeout(done, ms));

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

describe('a server that', () => {
  const opened: Server[] = [];
  afterAll(() => shut(opened));
  const start = async (keepAliveMs = 5_000) => {
    const server = createHttpServer(service, '127.0.0.1');
    server.keepAliveTimeout = keepAliveMs;
    opened.push(server);
    await listen([server]);
    return server;
  };

  it('is closed ends idle connections at once, and the others with their answers', async () => {
    const server = await start();
    const [fresh, idle, half, busy] = [await open(server), await open(server), await open(server), await open(server)];
    idle.socket.write(post('one'));
    await expect.poll(idle.text).toContain('"one"');
    half.socket.write(post('half').slice(0, -1));
    busy.socket.write(post('wait'));
    await expect.poll(() => seen.waiting.length).toBe(1);
    await pause();
    const closed = new Promise<void>((done) => server.close(() => done()));
    await expect.poll(() => fresh.closed() && idle.closed()).toBe(true);
    expect([half.closed(), busy.closed()]).toEqual([false, false]);
    half.socket.write('f');
    release();
    await closed;
    await expect.poll(() => half.closed() && busy.closed()).toBe(true);
    for (const { text } of [half, busy]) expect(text()).toContain('\r\nConnection: close\r\n');
    expect([readAnswer(half.text()).body, readAnswer(busy.text()).body]).toEqual(['"half"', '"wait"']);
  });

  it('is closed lets clients read what they were sent', async () => {
    const server = await start();
    const { socket, text, closed } = await open(server);
    socket.pause();
    socket.write(post('large, many times'));
    await expect.poll(() => seen.plainly).toBe(1);
    await pause();
    const ended = new Promise<void>((done) => server.close(() => done()));
    await pause();
    socket.resume();
    await ended;
    await expect.poll(closed).toBe(true);
    expect(readAnswer(text()).body.length).toBe(20 * MEGABYTE.length + 2);
  });

  it('closes all connections ends also those which it answers', async () => {
    const server = await start();
    const busy = await open(server);
    busy.socket.write(post('wait'));
    await expect.poll(() => seen.waiting.length).toBe(1);
    server.closeAllConnections();
    await expect.poll(() => busy.closed()).toBe(true);
    await expect.poll(() => seen.aborted).toBe(1);
  });

  it('keeps no connection for a client that does not read, and none shorter for one that reads slowly', async () => {
    const server = await start(100);
    const sockets: Socket[] = [];
    server.on('connection', (socket) => sockets.push(socket));
    const [deaf, slow] = [await open(server), await open(server)];
    for (const { socket } of [deaf, slow]) {
      socket.pause();
      socket.write(post('large, many times'));
    }
    await expect.poll(() => seen.plainly).toBe(2);
    let most = 0;
    const pauseAgain = () => slow.text().length > most && slow.socket.pause();
    slow.socket.on('data', pauseAgain);
    const read = setInterval(() => {
      most += MEGABYTE.length;
      slow.socket.resume();
    }, 200);
    await expect.poll(() => sockets[0]?.destroyed).toBe(true);
    await pause(500);
    expect(sockets[1]?.destroyed).toBe(false);
    clearInterval(read);
    slow.socket.off('data', pauseAgain).resume();
    await expect.poll(() => slow.text().length).toBeGreaterThan(20 * MEGABYTE.length);
    // From then on it is like any other.
    slow.socket.write(post('wait'));
    await expect.poll(() => seen.waiting.length).toBe(1);
    await pause(1_300);
    expect(slow.closed()).toBe(false);
    release();
    await expect.poll(() => slow.closed()).toBe(true);
    expect(slow.text()).toMatch(/"wait"$/);
  });

  it('keeps a connection that is used now and then', async () => {
    const { socket, text } = await open(await start(100));
    for (let at = 0; at < 6; at++) {
      socket.write(post(String(at)));
      await pause(500);
    }
    expect(bodiesIn(text())).toEqual(['"0"', '"1"', '"2"', '"3"', '"4"', '"5"']);
    socket.destroy();
  });

  it('keeps no idle connection for longer than it says, and cuts off nobody whom it answers', async () => {
    const server = await start(100);
    const left = await open(server);
    left.socket.destroy();
    await pause();
    const [fresh, idle, half, busy] = [await open(server), await open(server), await open(server), await open(server)];
    const slow = await open(server);
    slow.socket.write(post('slow', { path: '/elsewhere', last: true }));
    half.socket.write(post('half', { last: true }).slice(0, -1));
    busy.socket.write(post('wait', { last: true }));
    idle.socket.write(post('one'));
    await expect.poll(idle.text).toMatch(/Keep-Alive: timeout=0\r\n[\s\S]*"one"/);
    await expect.poll(() => fresh.closed() && idle.closed()).toBe(true);
    await pause(200);
    expect([half.closed(), busy.closed()]).toEqual([false, false]);
    // What waits for its end is left to node:http, which has limits for that.
    half.socket.write('f');
    await expect.poll(() => half.closed()).toBe(true);
    release();
    await expect.poll(() => busy.closed() && slow.closed()).toBe(true);
    expect(readAnswer(slow.text()).body).toBe('"slow"');
    expect([readAnswer(half.text()).body, readAnswer(busy.text()).body]).toEqual(['"half"', '"wait"']);
  });
});
