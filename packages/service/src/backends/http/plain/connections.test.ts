// When connections end: with their server, when nobody uses them, and when nobody reads what was sent on them.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { createHttpServer } from '../server.ts';
import { bodiesIn, createEchoService, MEGABYTE, open, pause, post } from '../testing/echo-service.ts';
import { listen, readAnswer, shut } from '../testing/exchange.ts';

const service = createEchoService();
const { seen, release } = service;
afterEach(() => service.forget());

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
