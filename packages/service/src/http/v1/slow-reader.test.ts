// A reader that does not read, over a real socket: what is kept for it stays the same however long the run writes.
import { connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type Listening, listen } from './testing/listen.ts';
import { setup } from './testing/setup.ts';

const REF = { tenant: '', run_id: 'run-000001' };
const servers: Listening[] = [];
afterEach(() => Promise.all(servers.splice(0).map((server) => server.close())));

test('a hundred slow readers hold up neither the run nor memory, and get everything in the end', {
  timeout: 60_000,
}, async () => {
  const world = setup();
  await world.fake.create({ agent: 'echo', input: {} }, { tenant: '' });
  const server = await listen(world.fetch);
  servers.push(server);
  for (let count = 0; count < 30_000; count++) world.fake.emit(REF, 'log', { message: 'x'.repeat(1_000) });
  const sockets = Array.from({ length: 100 }, () => {
    const socket = connect({ port: server.port, host: '127.0.0.1', noDelay: true });
    socket.write('GET /v1/runs/run-000001/events/stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
    return socket.pause();
  });
  const settled = async () => {
    for (let before = -1; before !== world.fake.linesRead; ) {
      before = world.fake.linesRead;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return world.fake.linesRead;
  };
  const read = await settled();
  // Of 30 MB each, what fits into the buffers of the system and one batch are taken: nothing that grows.
  expect(read / 100).toBeLessThan(12_000);
  for (let count = 0; count < 10_000; count++) world.fake.emit(REF, 'log', { message: 'x'.repeat(1_000) });
  expect(await settled()).toBe(read);
  world.fake.emit(REF, 'run.finished');
  const [first, ...others] = sockets;
  for (const socket of others) socket.destroy();
  let tail = '';
  let bytes = 0;
  await new Promise<void>((done) => {
    first?.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      tail = (tail + chunk.toString('latin1')).slice(-2_000);
      if (tail.endsWith('0\r\n\r\n')) done();
    });
    first?.resume();
  });
  expect(tail).toContain('"seq":40002,');
  expect(bytes).toBeGreaterThan(40_000_000);
  first?.destroy();
});
