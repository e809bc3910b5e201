import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { openDoor } from './listen.ts';

const CONNECTIONS = 64;
/** Connects, and says when all of it was done, to a thread that listens to nothing else. */
const CLIENTS = `
const { workerData: { port, connections, done } } = require('node:worker_threads');
const { connect } = require('node:net');
let connected = 0;
for (let n = 0; n < connections; n++) {
  connect(port, '127.0.0.1', () => {
    connected += 1;
    if (connected === connections) { Atomics.store(done, 0, 1); Atomics.notify(done, 0); }
  }).on('error', () => {});
}`;

test.skipIf(process.platform !== 'linux')(
  'connections that came while a worker computed are taken several in a turn (Linux)',
  async () => {
    const turns: number[] = [];
    let turn = 0;
    const onSocket = () => void turns.push(turn);
    const door = await openDoor({
      host: '127.0.0.1',
      port: 0,
      handler: () => undefined,
      isCrowded: () => false,
      onShared: () => undefined,
    });
    subscribe('net.server.socket', onSocket);
    const done = new Int32Array(new SharedArrayBuffer(4));
    const clients = new Worker(CLIENTS, {
      eval: true,
      workerData: { port: door.port, connections: CONNECTIONS, done },
    });
    expect(Atomics.wait(done, 0, 0, 20_000)).not.toBe('timed-out');
    await new Promise<void>((settle) => {
      const next = (): void => {
        turn += 1;
        if (turns.length < CONNECTIONS) setImmediate(next);
        else settle();
      };
      next();
    });
    unsubscribe('net.server.socket', onSocket);
    door.shut();
    await door.destroy(0);
    await clients.terminate();
    expect(new Set(turns).size).toBeLessThan(CONNECTIONS / 2);
  },
);
