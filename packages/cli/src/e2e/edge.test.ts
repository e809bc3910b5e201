// pypes edge as a process: what it keeps, what it does about a workerd that hangs, grows or dies, and how it ends.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { packageEdge } from '../../../../scripts/edge/package.ts';
import { edgeSkipReason } from '../../../service/src/backends/edge/testing/edge.ts';
import { bundle, COUNTING, send } from '../../../service/src/backends/workers/testing/requests.ts';
import { PYPES } from './command.ts';

const GUID = '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e';
const root = mkdtempSync(join(tmpdir(), 'pypes-edge-command-'));
const worker = join(root, 'packaged');
let roots = 0;
/** The first start of Python on a machine makes its snapshot. */
const LONGEST_MS = 180_000;

type Entry = { readonly event: string; readonly [key: string]: unknown };
type Running = { readonly child: ChildProcess; readonly url: string; readonly entries: readonly Entry[] };
const running = new Set<ChildProcess>();

/** Starts the command and waits until it says where it listens. */
async function start(
  flags: readonly string[],
  environment: { readonly [name: string]: string } = {},
): Promise<Running> {
  const args = [PYPES, 'edge', '--port', '0', '--worker', worker, ...flags];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  const entries: Entry[] = [];
  const lines = createInterface({ input: child.stderr });
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      if (!line.startsWith('{')) return;
      const entry = JSON.parse(line) as Entry;
      entries.push(entry);
      if (entry.event === 'edge.started') resolve(String(entry.url));
    });
    child.once('exit', () => reject(new Error(`It ended: ${JSON.stringify(entries)}`)));
  });
  return { child, url, entries };
}

const newRoot = () => join(root, `root-${++roots}`);
const run = (args: readonly string[], environment: { readonly [name: string]: string } = {}) =>
  spawnSync(process.execPath, [PYPES, 'edge', ...args], { encoding: 'utf8', env: { ...process.env, ...environment } });
const count = async ({ url }: Running) => {
  const answer = await send(fetch, `/api/pack/${GUID}/agent`, { body: { name: 'count' } }, url);
  return answer.body.output as number;
};
const deploy = ({ url }: Running) =>
  send(fetch, '/api/pack/deploy', { body: bundle(GUID, 'counting', [COUNTING]) }, url);

/** Asks until there is an answer: a killed workerd is away for a moment. */
async function countAgain(edge: Running): Promise<number> {
  for (;;) {
    try {
      return await count(edge);
    } catch {
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}

const eventsOf = ({ entries }: Running, event: string) => entries.filter((entry) => entry.event === event);
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((done) => setTimeout(done, 20));
}

/** The workerd that serves a root. */
function workerdOf(place: string): number | undefined {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  const found = lines.find((line) => /^\s*\d+ \S*workerd serve /.test(line) && line.includes(join(place, 'edge')));
  return found === undefined ? undefined : Number.parseInt(found, 10);
}

/** The processes that were started by one. */
function childrenOf(parent: number): readonly number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number));
  return pairs.flatMap(([pid = 0, ppid]) => (ppid === parent ? [pid] : []));
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(edgeSkipReason !== undefined)(`pypes edge ${edgeSkipReason ?? ''}`, () => {
  beforeAll(() => packageEdge(worker));
  afterEach(async () => {
    for (const child of running) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = new Promise((done) => child.once('exit', done));
      child.kill('SIGKILL');
      await gone;
    }
    running.clear();
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('serves, and keeps everything when it is started again', async () => {
    const place = newRoot();
    const first = await start(['--root', place]);
    expect((await deploy(first)).status).toBe(200);
    expect(await count(first)).toBe(1);
    const ended = new Promise((done) => first.child.once('exit', done));
    first.child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(workerdOf(place)).toBeUndefined();
    expect(await count(await start(['--root', place]))).toBe(2);
  });

  it('runs Python beside workerd where it is told to, and leaves nothing of it behind', {
    timeout: LONGEST_MS,
  }, async () => {
    const edge = await start(['--root', newRoot(), '--python']);
    const source = 'AGENT = {"name": "adds", "description": "Adds"}\ndef run(context, a):\n    return a + 1\n';
    const packed = bundle(GUID, 'python', [{ filename: 'adds.py', source }]);
    expect((await send(fetch, '/api/pack/deploy', { body: packed }, edge.url)).body).toMatchObject({ agent_count: 1 });
    const call = { body: { name: 'adds', args: { a: 1 } } };
    expect((await send(fetch, `/api/pack/${GUID}/agent`, call, edge.url)).body).toEqual({ status: 'ok', output: 2 });
    const group = childrenOf(edge.child.pid as number);
    expect(group.length).toBeGreaterThan(1);
    edge.child.kill('SIGKILL');
    await until(() => group.every((pid) => !isThere(pid)));
  });

  it('a workerd that hangs is killed and started again, with its data', async () => {
    const place = newRoot();
    const edge = await start(['--root', place, '--stall-ms', '500']);
    await deploy(edge);
    expect(await count(edge)).toBe(1);
    process.kill(workerdOf(place) as number, 'SIGSTOP');
    await until(() => eventsOf(edge, 'edge.restarted').length > 0);
    expect(eventsOf(edge, 'edge.killed')).toMatchObject([{ reason: 'stalled' }]);
    expect(await countAgain(edge)).toBe(2);
  });

  it('a workerd that is killed is started again, with its data', async () => {
    const place = newRoot();
    const edge = await start(['--root', place]);
    await deploy(edge);
    for (let n = 1; n <= 3; n++) {
      expect(await countAgain(edge)).toBe(n);
      process.kill(workerdOf(place) as number, 'SIGKILL');
      await until(() => eventsOf(edge, 'edge.restarted').length === n);
    }
    expect(eventsOf(edge, 'edge.killed').map(({ reason }) => reason)).toEqual(Array(3).fill('ended'));
    expect(await countAgain(edge)).toBe(4);
  });

  it('a workerd that grows too large is killed, and nothing that it has kept is lost', async () => {
    const place = newRoot();
    const first = await start(['--root', place]);
    await deploy(first);
    expect(await count(first)).toBe(1);
    first.child.kill('SIGKILL');
    await until(() => workerdOf(place) === undefined);
    const small = await start(['--root', place, '--memory-mb', '8']);
    await until(() => eventsOf(small, 'edge.restarted').length > 0);
    expect(eventsOf(small, 'edge.killed')[0]).toMatchObject({ reason: 'too_large' });
    small.child.kill('SIGKILL');
    await until(() => workerdOf(place) === undefined);
    expect(await count(await start(['--root', place]))).toBe(2);
  });

  it('workerd ends with it, however it ends, also while it hangs', async () => {
    const place = newRoot();
    const edge = await start(['--root', place]);
    process.kill(workerdOf(place) as number, 'SIGSTOP');
    edge.child.kill('SIGKILL');
    await until(() => workerdOf(place) === undefined);
  });

  it('one process serves a root, and says so to the next', async () => {
    const place = newRoot();
    await start(['--root', place]);
    const { status, stderr } = run(['--port', '0', '--root', place, '--worker', worker]);
    expect(status).toBe(3);
    expect(stderr).toContain(join(place, 'edge'));
  });

  it('says that a port is taken, or an address is none of this machine', async () => {
    const { url } = await start(['--root', newRoot()]);
    const { port } = new URL(url);
    const taken = run(['--port', port, '--root', newRoot(), '--worker', worker]);
    expect([taken.status, taken.stderr]).toEqual([3, expect.stringContaining(`Port ${port}`)]);
    const token = { PYPES_TOKEN: 'the-token-of-the-operator' };
    const away = run(['--host', '192.0.2.1', '--port', '0', '--root', newRoot(), '--worker', worker], token);
    expect([away.status, away.stderr]).toEqual([2, expect.stringContaining('192.0.2.1')]);
  });

  it('is closed where a token is set, and opens for no other machine without one', async () => {
    const edge = await start(['--root', newRoot()], { PYPES_TOKEN: 'the-token-of-the-operator' });
    expect((await deploy(edge)).status).toBe(401);
    const { status, stderr } = run(['--host', '0.0.0.0', '--port', '0', '--root', newRoot(), '--worker', worker]);
    expect(status).toBe(2);
    expect(stderr).toContain('PYPES_TOKEN');
  });

  it.skipIf(process.platform !== 'linux')(
    'hands on to workerd what the Worker reads, and nothing else of its environment',
    async () => {
      const place = newRoot();
      await start(['--root', place], { PYPES_LOG_LEVEL: 'error', AWS_SECRET_ACCESS_KEY: 'secret' });
      const names = readFileSync(`/proc/${workerdOf(place)}/environ`, 'utf8')
        .split('\0')
        .map((line) => line.split('=')[0]);
      expect(names).toContain('PYPES_LOG_LEVEL');
      expect(names).not.toContain('AWS_SECRET_ACCESS_KEY');
    },
  );

  it.each([
    [['--worker', join(root, 'nothing')], 'worker.mjs'],
    [['--memory-mb', '0'], '--memory-mb'],
    [['--stall-ms', 'x'], '--stall-ms'],
    [['--port', '99999'], '--port'],
    [['--origin', 'no origin'], 'PYPES_ORIGINS'],
    [['--allow-host', 'a b'], 'PYPES_ALLOW_HOSTS'],
  ] as const)('%j is refused', (flags, what) => {
    const place = newRoot();
    mkdirSync(place);
    const { status, stderr } = run(['--root', place, ...flags]);
    expect(status).toBe(2);
    expect(stderr).toContain(what);
  });

  it('runs Python in one place', () => {
    const elsewhere = { PYPES_REMOTE_URL: 'https://a.example', PYPES_REMOTE_KEY: 'k'.repeat(32) };
    const { status, stderr } = run(['--root', newRoot(), '--worker', worker, '--python'], elsewhere);
    expect([status, stderr]).toEqual([2, expect.stringContaining('leave out --python')]);
  });

  it('says what to install where workerd is missing', () => {
    const { status, stderr } = run(['--root', newRoot(), '--worker', worker], { PYPES_WORKERD: join(root, 'none') });
    expect(status).toBe(3);
    expect(stderr).toContain('npm i workerd');
  });
});
