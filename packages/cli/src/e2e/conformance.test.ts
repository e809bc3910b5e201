// `pypes conformance` against our own service, open and with tokens, and against what is wrong. All of it, and every
// back end: everywhere/everywhere.test.ts.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Report } from '@pypes/conformance';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { PYPES } from './command.ts';
import { newFolder, noPython, startServer, stopServers } from './server.ts';

afterAll(stopServers);
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const TIMEOUT = { timeout: 400_000 };
const TOKEN = 'operator-token-of-the-test';

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

function start(args: readonly string[]) {
  const { PYPES_TOKEN: _none, ...env } = process.env;
  const child = spawn(process.execPath, [PYPES, 'conformance', ...args], { env });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = new Promise<Ended>((done) => child.once('close', (code) => done({ code, stdout, stderr })));
  return { child, ended };
}

const run = (...args: readonly string[]): Promise<Ended> => start(args).ended;

const failures = ({ stdout }: Ended) => stdout.split('\n').filter((line) => line.startsWith('FAIL'));

describe.skipIf(noPython !== undefined)(`our own service${noPython === undefined ? '' : ` (${noPython})`}`, () => {
  it('is conformant with tokens, and the reports say so', TIMEOUT, async () => {
    const { url } = await startServer({}, { args: ['--auth-required'], env: { PYPES_TOKEN: TOKEN } });
    const [json, junit] = [join(newFolder(), 'report.json'), join(newFolder(), 'report.xml')];
    const only = ['--only', 'AUTH', 'SPELLING', 'FILE', 'BUNDLE'];
    const ended = await run(url, '--token', TOKEN, ...only, '--json', json, '--junit', junit);
    expect(failures(ended)).toEqual([]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).not.toContain(TOKEN);
    const text = readFileSync(json, 'utf8');
    const report = JSON.parse(text) as Report;
    expect(text).not.toContain(TOKEN);
    expect(report).toMatchObject({ conformant: true, left: [] });
    expect(report.outcomes.filter(({ status }) => status === 'skipped')).toEqual([]);
    expect(readFileSync(junit, 'utf8')).toContain(`tests="${report.outcomes.length}" failures="0"`);
    const health = (await (await fetch(`${url}/api/pack/healthz`)).json()) as { readonly pack_count: number };
    expect(health.pack_count).toBe(1);
  });

  it('is conformant without tokens', TIMEOUT, async () => {
    const { url } = await startServer();
    const ended = await run(url, '--only', 'HEALTH', 'DEPLOY', 'UPDATE', 'CALL', 'AUTH', 'BUNDLE', 'RUN');
    expect(failures(ended)).toEqual([]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^skip +MUST +AUTH-1 /m);
    expect(ended.stdout).toMatch(/^ok +MUST +RUN-1 /m);
  });

  it('is conformant with tokens, without one of our own', TIMEOUT, async () => {
    const { url } = await startServer({}, { args: ['--auth-required'], env: { PYPES_TOKEN: '' } });
    const ended = await run(url, '--only', 'AUTH', 'UPDATE', 'MEMORY', 'CALL', 'SPELLING', 'RUN');
    expect(failures(ended)).toEqual([]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(/^skip +MUST +RUN-1 .*token/m);
  });

  it('leaves no pack where a person ends it in the middle', TIMEOUT, async () => {
    const { url, get } = await startServer();
    const { child, ended } = start([url, '--slow', '--only', 'LIMIT-8']);
    const count = async () => (await get('/api/pack/healthz')).body.packs as unknown as readonly { name: string }[];
    while (!(await count()).some(({ name }) => name === 'conformance')) await sleep(20);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([3, expect.stringContaining('Interrupted')]);
    expect((await count()).map(({ name }) => name)).not.toContain('conformance');
  });
});

/** The service, whose packs never say which agents they have. */
async function openWrong(url: string): Promise<string> {
  const proxy = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method = 'GET' } = request;
    const body = Buffer.concat(chunks);
    const answer = await fetch(url + request.url, { method, ...(body.length === 0 ? {} : { body }) });
    const text = (await answer.text()).replace('"agents":', '"names":');
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
  });
  await new Promise<void>((listening) => {
    proxy.listen(0, '127.0.0.1', listening);
  });
  closing.push(() => proxy.close());
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

describe('exit codes', () => {
  it('are 4 where a MUST fails, and the reason is said', TIMEOUT, async () => {
    const { url } = await startServer();
    const wrong = await openWrong(url);
    const ended = await run(wrong, '--only', 'HEALTH-3', 'HEALTH-4');
    expect(ended).toMatchObject({ code: 4, stderr: '' });
    expect(failures(ended)).toHaveLength(1);
    expect(ended.stdout).toMatch(/^Not conformant: 1 passed, 1 MUST/m);
    const { status, outcomes } = JSON.parse((await run(wrong, '--only', 'HEALTH-3', '--json')).stdout) as {
      readonly status: string;
      readonly outcomes: readonly object[];
    };
    expect([status, outcomes]).toEqual(['failed', [expect.objectContaining({ id: 'HEALTH-3', status: 'failed' })]]);
  });

  it('are 4 where what answers is no endpoint', async () => {
    const other = createServer((_, response) => response.end('<h1>Welcome</h1>'));
    await new Promise<void>((listening) => {
      other.listen(0, '127.0.0.1', listening);
    });
    closing.push(() => other.close());
    const { code, stderr } = await run(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
    expect([code, stderr]).toEqual([4, expect.stringContaining('no endpoint')]);
  });

  it.each<[string, readonly string[], number]>([
    ['nobody listens', ['http://127.0.0.1:1'], 3],
    ['there is no URL', [], 2],
    ['the URL is none', ['nonsense'], 2],
    ['a check is unknown', ['http://127.0.0.1:1', '--only', 'NONSENSE'], 2],
    ['checks are listed', ['--list'], 0],
  ])('where %s', async (_, args, code) => {
    expect((await run(...args)).code).toBe(code);
  });

  it('lists checks for programs, too', async () => {
    const { checks } = JSON.parse((await run('--list', '--only', 'AUTH', '--json')).stdout) as {
      readonly checks: readonly object[];
    };
    expect(checks[0]).toMatchObject({ id: 'AUTH-1', level: 'MUST', needs: ['auth'], slow: false });
  });
});
