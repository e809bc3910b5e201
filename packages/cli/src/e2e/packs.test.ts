// Packs over the wire: kept across kill -9, never half of one version and half of another, calls in flight unharmed.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { Json } from '@pypes/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { PYPES } from './command.ts';
import { agentFolder } from './runs.fixtures.ts';
import { newFolder, noPython, startServer, stopServers } from './server.ts';

afterAll(stopServers);

const pypes = (args: readonly string[]) => spawnSync(process.execPath, [PYPES, ...args], { encoding: 'utf8' });

const three = (mark: string): { readonly [file: string]: string } => ({
  'a.py': `AGENT = {"name": "a"}\ndef run(context):\n    return "${mark}"\n`,
  'b.mjs': `export const AGENT = { name: 'b' };\nexport const run = () => '${mark}';\n`,
  'c.lispy': `(def AGENT {:name "c"})\n(defn run [context] "${mark}")\n`,
});
const bundle = (mark: string, rest: object = {}): Json => ({
  schema: 'pack/1.0',
  name: mark,
  agents: Object.entries(three(mark)).map(([filename, source]) => ({ filename, source })),
  ...rest,
});

describe.skipIf(noPython !== undefined)(`a deployed pack${noPython === undefined ? '' : ` (${noPython})`}`, () => {
  it('answers when deployed with curl, and still does after kill -9 and a restart', async () => {
    const server = await startServer();
    const { stdout } = spawnSync('curl', ['-s', `${server.url}/api/pack/deploy`, '-d', JSON.stringify(bundle('one'))], {
      encoding: 'utf8',
    });
    const deployed = JSON.parse(stdout) as { pack_guid: string; pack_url: string; agent_count: number };
    expect(deployed.agent_count).toBe(3);
    const outputs = async (on: typeof server) =>
      Promise.all(['a', 'b', 'c'].map(async (name) => (await on.call(deployed.pack_guid, name)).body.output));
    expect(await outputs(server)).toEqual(['one', 'one', 'one']);
    await server.stop('SIGKILL');
    const again = await startServer({}, { root: server.root, folder: server.folder });
    expect(await outputs(again)).toEqual(['one', 'one', 'one']);
    const old = await again.get(`/api/swarm/${deployed.pack_guid}/healthz`);
    expect(old.body).toMatchObject({ swarm_guid: deployed.pack_guid, agents: ['a', 'b', 'c'] });
  });

  it('comes back byte for byte, as a bundle and as a folder', async () => {
    const server = await startServer();
    const folder = agentFolder({
      ...three('one'),
      'blob.lua': 'AGENT = { name = "l" }\nfunction run() return 1 end\n',
    });
    const guid = 'f3c1b2a4-0d5e-4f60-8a7b-9c8d7e6f5a4b';
    const file = join(newFolder(), 'pack.json');
    expect(pypes(['bundle', folder, '--guid', guid, '-o', file]).status).toBe(0);
    expect(pypes(['deploy', file, '--to', server.url]).status).toBe(0);
    const pulled = pypes(['pull', server.url, guid.toUpperCase()]);
    expect(pulled).toMatchObject({ status: 0, stdout: readFileSync(file, 'utf8') });
    const out = join(newFolder(), 'back.json');
    expect(pypes(['pull', server.url, guid, '-o', out]).status).toBe(0);
    expect(readFileSync(out)).toEqual(readFileSync(file));
    const back = join(newFolder(), 'back');
    const said = pypes(['pull', server.url, guid, '--folder', back, '--json']);
    expect(JSON.parse(said.stdout)).toMatchObject({ status: 'ok', pack_guid: guid, agent_count: 4 });
    for (const name of readdirSync(folder))
      expect(readFileSync(join(back, name))).toEqual(readFileSync(join(folder, name)));
    writeFileSync(join(back, 'a.py'), 'mine');
    expect(pypes(['pull', server.url, guid, '--folder', back]).status).toBe(3);
    expect(readFileSync(join(back, 'a.py'), 'utf8')).toBe('mine');
    expect(pypes(['pull', server.url, guid, '--folder', back, '--force']).status).toBe(0);
    expect(readdirSync(back).sort()).toEqual(readdirSync(folder).sort());
    expect(pypes(['pull', server.url, crypto.randomUUID()]).status).toBe(2);
    expect(pypes(['pull', server.url, 'no-guid']).status).toBe(2);
  });

  it('answers as rapp-swarm/1.0 too', async () => {
    const server = await startServer();
    const { body } = await server.post('/api/swarm/deploy', bundle('one', { schema: 'rapp-swarm/1.0' }));
    const called = await server.post(`/api/swarm/${String(body.swarm_guid)}/agent`, { name: 'a' });
    expect(called.body).toEqual({ status: 'ok', output: 'one' });
  });

  it('finishes a call in flight on the old version when it is replaced', async () => {
    const server = await startServer();
    const slow = (mark: string) => ({
      'slow.py': `import time\nAGENT = {"name": "slow"}\ndef run(context):\n    time.sleep(0.6)\n    return "${mark}"\n`,
      'slow.mjs': `export const AGENT = { name: 'slow-js' };\nexport async function run() { await new Promise((r) => setTimeout(r, 600)); return '${mark}'; }\n`,
    });
    const guid = (await server.deploy(slow('old'))).body.pack_guid as string;
    await Promise.all(['slow', 'slow-js'].map((name) => server.call(guid, name)));
    const before = ['slow', 'slow-js'].map((name) => server.call(guid, name));
    await new Promise((done) => setTimeout(done, 200));
    expect((await server.deploy(slow('new'), { pack_guid: guid })).status).toBe(200);
    const after = ['slow', 'slow-js'].map((name) => server.call(guid, name));
    expect((await Promise.all(before)).map(({ body }) => body.output)).toEqual(['old', 'old']);
    expect((await Promise.all(after)).map(({ body }) => body.output)).toEqual(['new', 'new']);
  });
});

describe('kill -9 in the middle of deploys', () => {
  /** A hundred with PYPES_KILLS=100; a kill is a start of the service, and starts are what CI waits for. */
  const KILLS = Number(process.env.PYPES_KILLS ?? 14);

  it('never leaves a pack that is half old and half new, or unreadable, time after time', async () => {
    const root = newFolder();
    const guid = '7d1f4f0e-43b4-4a53-9d6c-0a1b2c3d4e5f';
    const lispy = (mark: number) => ({
      schema: 'pack/1.0',
      pack_guid: guid,
      name: String(mark),
      agents: ['a', 'b', 'c'].map((name) => ({
        filename: `${name}.lispy`,
        source: `(def AGENT {:name "${name}"})\n(defn run [context] "${mark}") ; ${'x'.repeat(mark % 5_000)}\n`,
      })),
    });
    let mark = 0;
    let acknowledged = -1;
    for (let kills = 0; kills < KILLS; kills++) {
      const server = await startServer({}, { root });
      if (acknowledged >= 0) {
        const health = (await server.get(`/api/pack/${guid}/healthz`)).body;
        expect(health.agents).toEqual(['a', 'b', 'c']);
        const outputs = await Promise.all(
          ['a', 'b', 'c'].map(async (name) => Number((await server.call(guid, name)).body.output)),
        );
        expect(new Set(outputs).size).toBe(1);
        expect(outputs[0]).toBe(Number(health.name));
        expect(outputs[0]).toBeGreaterThanOrEqual(acknowledged);
      }
      // Sometimes in the middle of the first deploy, sometimes in one that comes later.
      const kill = () => setTimeout(() => server.process.kill('SIGKILL'), Math.random() * 60);
      let end = kills % 2 === 0 ? undefined : kill();
      for (;;) {
        mark += 1;
        const answer = await server.post('/api/pack/deploy', lispy(mark)).catch(() => undefined);
        if (answer === undefined) break;
        expect(answer.status).toBe(200);
        acknowledged = mark;
        end ??= kill();
      }
      clearTimeout(end);
      await server.stop('SIGKILL');
    }
    expect(acknowledged).toBeGreaterThan(0);
  }, 600_000);
});

describe('stopping', () => {
  it('finishes calls in flight, refuses new ones, and ends with 0', async () => {
    const server = await startServer({
      's.mjs':
        "export const AGENT = { name: 's' };\nexport async function run() { await new Promise((r) => setTimeout(r, 700)); return 'done'; }\n",
    });
    await server.call('agents', 's');
    const running = server.call('agents', 's');
    await new Promise((done) => setTimeout(done, 200));
    const ended = server.stop('SIGTERM');
    expect((await running).body).toEqual({ status: 'ok', output: 'done' });
    expect(await ended).toBe(0);
    await expect(server.get('/api/pack/healthz')).rejects.toThrow();
  });

  it('cancels a call whose client went away', async () => {
    const server = await startServer({
      'wait.mjs': `export const AGENT = { name: 'wait' };
export const run = (context) => new Promise((resolve) => {
  context.signal.addEventListener('abort', () => { console.log('was stopped'); resolve(null); });
});
`,
    });
    const abort = new AbortController();
    const call = fetch(`${server.url}/api/pack/agents/agent`, {
      method: 'POST',
      body: '{"name": "wait"}',
      signal: abort.signal,
    });
    await new Promise((done) => setTimeout(done, 300));
    abort.abort();
    await expect(call).rejects.toThrow();
    const stopped = server.stop('SIGTERM');
    const began = performance.now();
    expect(await stopped).toBe(0);
    // A call that still ran would have held the end up for its whole grace of ten seconds.
    expect(performance.now() - began).toBeLessThan(9_000);
  });
});

describe('a stranger', () => {
  it('with a foreign Host, a foreign page or too large a body gets nowhere', async () => {
    const server = await startServer();
    const port = Number(new URL(server.url).port);
    const raw = (headers: Record<string, string>, body = '') =>
      new Promise<number>((answered, failed) => {
        const sent = request(
          { host: '127.0.0.1', port, path: '/api/pack/deploy', method: 'POST', headers },
          (response) => {
            response.resume();
            answered(response.statusCode ?? 0);
          },
        );
        sent.on('error', failed);
        sent.end(body);
      });
    const body = JSON.stringify({ schema: 'pack/1.0', agents: [] });
    expect(await raw({ host: 'rebound.example' }, body)).toBe(403);
    expect(await raw({ host: '127.0.0.1', origin: 'https://evil.example', 'content-type': 'text/plain' }, body)).toBe(
      403,
    );
    expect(await raw({ host: '127.0.0.1' }, body)).toBe(200);
    const large = await server.post(
      '/api/pack/agents/agent',
      JSON.stringify({ name: 'x', args: { text: 'x'.repeat(2_000_000) } }),
    );
    expect([large.status, large.body.code]).toEqual([413, 'too_large']);
  });

  it('cannot make the service listen to others without tokens', () => {
    const { status, stderr } = spawnSync(process.execPath, [PYPES, 'serve', '--host', '0.0.0.0', '--port', '0'], {
      encoding: 'utf8',
      cwd: newFolder(),
    });
    expect([status, stderr]).toEqual([2, expect.stringContaining('--auth-required')]);
  });
});
