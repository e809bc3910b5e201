// What the sandbox rests on: JavaScript with all of workerd's powers reaches nothing under this configuration.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { killGroup } from '../process/spawn.ts';
import { toConfig } from './config.ts';
import { connect } from './link.ts';
import { startWorkerd } from './process.ts';
import { describePyodide } from './testing.ts';
import { findWorkerd } from './workerd.ts';

/** Tries each way out, and says which of them worked. */
const ATTACKER = `
import { connect } from 'cloudflare:sockets';
const ways = {
  fetch: (port) => fetch('http://127.0.0.1:' + port + '/').then((answer) => answer.text()),
  socket: async (port) => (await connect('127.0.0.1:' + port).opened) && 'open',
  webSocket: (port) => fetch('http://127.0.0.1:' + port + '/', { headers: { Upgrade: 'websocket' } }).then(String),
  name: () => fetch('http://localhost/').then((answer) => answer.text()),
  cache: async (port) => (await caches.default.match('http://127.0.0.1:' + port + '/')) && 'hit',
  beacon: async (port) => navigator.sendBeacon('http://127.0.0.1:' + port + '/', 'x') && false,
  files: async () => (await import('node:' + 'fs')).readFileSync('/etc/passwd', 'utf8'),
  process: async () => globalThis.process?.pid,
  code: async () => new Function('return 1')(),
  bytes: async () => new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
};
export default {
  async fetch(request, env) {
    const port = new URL(request.url).pathname.slice(1);
    const worked = Object.keys(env);
    for (const [name, attempt] of Object.entries(ways)) {
      try {
        if (await attempt(port)) worked.push(name);
      } catch {}
    }
    return Response.json(worked);
  },
};`;

describePyodide('configuration of workerd', () => {
  it('leads to no network, no file, no process, no code', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pypes-config-'));
    let visits = 0;
    const server = createServer((socket) => {
      visits++;
      socket.destroy();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    writeFileSync(join(folder, 'worker.mjs'), ATTACKER);
    const lines = toConfig('make').split('\n');
    const alone = lines.filter((line) => !line.includes('embed') || line.includes('worker.mjs')).join('\n');
    writeFileSync(join(folder, 'attack.capnp'), alone);
    const { child, socketPath } = startWorkerd(findWorkerd() as string, folder, [join(folder, 'attack.capnp')]);
    try {
      const { sending, answer } = await connect(socketPath, `/${port}`, 'GET', () => child.exitCode !== null);
      sending.end();
      let text = '';
      for await (const chunk of await answer) text += String(chunk);
      expect(JSON.parse(text)).toStrictEqual([]);
      expect(visits).toBe(0);
    } finally {
      killGroup(child);
      server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
