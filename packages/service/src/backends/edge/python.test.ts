// Python at an edge of one's own: the Worker has it run beside itself, in Pyodide, and answers what it asks. The
// conformance suite over it is in cli/src/e2e/everywhere.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findWorkerd } from '@pypes/runtimes/python';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageEdge } from '../../../../../scripts/edge/package.ts';
import { listen } from '../../http/remote/testing/pair.ts';
import { createLogger } from '../logger.ts';
import { readLimits } from '../workers/limits.ts';
import { answering, bundle, send, TOKEN } from '../workers/testing/requests.ts';
import { openEdgePython } from './python.ts';
import { type EdgeOptions, startEdge } from './start-edge.ts';
import { edgeSkipReason } from './testing/edge.ts';
import type { WatchedEdge } from './watch.ts';

const GUID = '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e';
/** A snapshot is made once on a machine. */
const LONGEST_MS = 180_000;
const MEBIBYTE = 1024 * 1024;

const python = (name: string, run: string) => ({
  filename: `${name}.py`,
  source: `AGENT = {"name": "${name}", "description": "Python"}\n${run}\n`,
});
const NOTE = python(
  'note',
  `def run(context, text):
    n = (context.memory.get("n") or 0) + 1
    context.memory.set("n", n)
    return [text, n, context.call("who", {})]`,
);
/** Asks a server, by a socket and by JavaScript of the sandbox. */
const REACH = python(
  'reach',
  `def run(context, port):
    said = []
    try:
        import socket
        with socket.create_connection(("127.0.0.1", port), 1) as server:
            server.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
            said.append(len(server.recv(100)))
    except Exception as error:
        said.append(type(error).__name__)
    try:
        import js
        js.fetch(f"http://127.0.0.1:{port}/")
        said.append("fetched")
    except Exception as error:
        said.append(type(error).__name__)
    return said`,
);
const HOSTILE = [
  python('spin', 'def run(context):\n    while True: pass'),
  python('count', 'def run(context):\n    return len(str(7 ** 10 ** 9))'),
  python('search', 'import re\ndef run(context):\n    return re.match("(a*)*b", "a" * 40)'),
  python('swell', 'def run(context):\n    kept = []\n    while True: kept.append(bytearray(1 << 20))'),
  python('flood', 'def run(context):\n    return "x" * (64 << 20)'),
  python('leave', 'import os\ndef run(context):\n    os._exit(3)'),
];

describe.skipIf(edgeSkipReason !== undefined)(`Python beside the edge ${edgeSkipReason ?? ''}`, () => {
  const root = mkdtempSync(join(tmpdir(), 'pypes-edge-python-'));
  const started: WatchedEdge[] = [];
  let roots = 0;
  afterAll(async () => {
    await Promise.all(started.map((edge) => edge.close()));
    rmSync(root, { recursive: true, force: true });
  });

  async function start(environment: EdgeOptions['environment'] = {}, more: Partial<EdgeOptions> = {}) {
    const place = join(root, `${++roots}`);
    const edge = await startEdge({
      makeWorker: packageEdge,
      root: place,
      address: '127.0.0.1',
      port: 0,
      hosts: [],
      origins: [],
      environment: { PYPES_LOG_LEVEL: 'error', ...environment },
      bounds: { stallMs: 60_000, memoryBytes: 1024 * MEBIBYTE },
      python: true,
      log: createLogger({ level: 'error' }),
      onLine: () => undefined,
      ...more,
    });
    started.push(edge);
    const url = `http://127.0.0.1:${edge.port}`;
    return {
      ...edge,
      url,
      place,
      deploy: (agents: readonly object[], guid = GUID, token?: string) =>
        send(
          fetch,
          '/api/pack/deploy',
          { body: bundle(guid, 'mixed', agents), ...(token === undefined ? {} : { token }) },
          url,
        ),
      call: (name: string, args: object = {}, more: object = {}, token?: string) =>
        send(
          fetch,
          `/api/pack/${GUID}/agent`,
          { body: { name, args, ...more }, ...(token === undefined ? {} : { token }) },
          url,
        ),
    };
  }

  describe('one that is open', () => {
    let edge: Awaited<ReturnType<typeof start>>;
    beforeAll(async () => {
      edge = await start({ PYPES_LIMITS_CPU_MS: '1000', PYPES_LIMITS_CALL_MS: '20000' });
    }, LONGEST_MS);

    it('runs Python, with its memory and its calls in the object of its pack', { timeout: LONGEST_MS }, async () => {
      expect((await edge.deploy([NOTE, answering('who', 'lispy')])).body).toMatchObject({ agent_count: 2 });
      for (let n = 1; n <= 3; n++)
        expect((await edge.call('note', { text: 'hi' })).body).toEqual({ status: 'ok', output: ['hi', n, 'lispy'] });
      const other = { user_guid: '7e0b5a43-25a3-4d2f-9a53-8c6f0f1f2a3b' };
      expect((await edge.call('note', { text: 'hi' }, other)).body).toEqual({
        status: 'ok',
        output: ['hi', 1, 'lispy'],
      });
    });

    it('takes as many calls at once as the Worker does', { timeout: LONGEST_MS }, async () => {
      await edge.deploy([NOTE, answering('who', 'lispy')]);
      const answers = await Promise.all(Array.from({ length: 100 }, () => edge.call('note', { text: 'hi' })));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    });

    it('says so', async () => {
      const { runtimes } = (await send(fetch, '/api/pack/healthz', {}, edge.url)).body;
      expect(runtimes).toEqual(['lispy', 'javascript', 'lua', 'python', 'component']);
    });

    it.each(HOSTILE.map(({ filename }) => filename.replace('.py', '')))(
      '%s ends that call alone',
      { timeout: LONGEST_MS },
      async (name) => {
        expect((await edge.deploy([...HOSTILE, NOTE, answering('who', 'lispy')])).status).toBe(200);
        const [before] = workerdsOf(edge.place);
        const hostile = edge.call(name);
        expect((await edge.call('who')).body).toEqual({ status: 'ok', output: 'lispy' });
        expect((await edge.call('note', { text: 'hi' })).body).toMatchObject({
          status: 'ok',
          output: ['hi', expect.any(Number), 'lispy'],
        });
        const { status, body } = await hostile;
        expect([500, 502, 504, 507]).toContain(status);
        expect(body).toMatchObject({ status: 'error' });
        expect((await edge.call('note', { text: 'hi' })).status).toBe(200);
        // The Worker's own process has gone on.
        expect(workerdsOf(edge.place)).toEqual([before]);
      },
    );

    it('reaches nobody on the machine', { timeout: LONGEST_MS }, async () => {
      const asked: string[] = [];
      const there = await listen((request) => {
        asked.push(request.url);
        return new Response('here');
      });
      await edge.deploy([REACH]);
      const { body } = await edge.call('reach', { port: Number(new URL(there.url).port) });
      expect(body.output).not.toContain('fetched');
      expect(asked).toEqual([]);
      await there.close();
    });

    it('goes on after the Worker was killed', { timeout: LONGEST_MS }, async () => {
      await edge.deploy([NOTE, answering('who', 'lispy')]);
      const { output } = (await edge.call('note', { text: 'hi' })).body as { output: [string, number, string] };
      const [workerd = 0] = workerdsOf(edge.place);
      process.kill(workerd, 'SIGKILL');
      for (;;) {
        const answer = await edge.call('note', { text: 'hi' }).catch(() => undefined);
        if (answer?.status !== 200) continue;
        expect(answer.body.output).toEqual(['hi', output[1] + 1, 'lispy']);
        break;
      }
    });
  });

  it('listens on every address, and is asked on this machine', { timeout: LONGEST_MS }, async () => {
    const edge = await start({ PYPES_TOKEN: TOKEN }, { address: '0.0.0.0' });
    await edge.deploy([NOTE, answering('who', 'lispy')], GUID, TOKEN);
    expect((await edge.call('note', { text: 'hi' }, {}, TOKEN)).body).toEqual({
      status: 'ok',
      output: ['hi', 1, 'lispy'],
    });
  });

  it('is not where another endpoint is named', async () => {
    const elsewhere = { PYPES_REMOTE_URL: 'https://a.example', PYPES_REMOTE_KEY: 'k'.repeat(32) };
    await expect(start(elsewhere)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(/--python.*PYPES_REMOTE_URL/),
    });
  });

  it('can be asked by this user alone, and only signed', { timeout: LONGEST_MS }, async () => {
    const log = createLogger({ level: 'error' });
    const own = await openEdgePython({ workerd: findWorkerd() ?? '', limits: readLimits({}), log });
    const folder = dirname(own.socketPath);
    expect(statSync(folder).mode & 0o077).toBe(0);
    expect(await statusOf(own.socketPath)).toBe(401);
    await own.close();
    expect(() => statSync(folder)).toThrow('ENOENT');
  });
});

/** Of a request without a signature. */
function statusOf(socketPath: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const options = { socketPath, method: 'POST', path: '/api/remote/run', headers: { host: 'pyodide' } };
    const sending = request(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sending.once('error', reject);
    sending.end('{}');
  });
}

/** The processes that serve the Worker below a root. */
function workerdsOf(place: string): readonly number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((line) => /^\s*\d+ \S*workerd serve /.test(line) && line.includes(join(place, 'edge')))
    .map((line) => Number.parseInt(line, 10));
}
