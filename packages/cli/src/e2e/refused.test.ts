// What the system refuses - a full disk, a terminal that went away, a folder that comes and goes - ends no service, and
// no command says that it did what it did not.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json, JsonObject } from '@pypes/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { PYPES } from './command.ts';
import { freePort } from './runs.fixtures.ts';
import { newFolder, startServer, stopServers } from './server.ts';
import { json, pypes } from './skills.fixtures.ts';

const SLOW = { timeout: 120_000 };
const SOON = { timeout: 60_000 };
const LOUD = `export const AGENT = { name: 'loud' };
export function run(context) { context.log('warn', 'again'); return 'heard'; }
`;
const BIG = `export const AGENT = { name: 'big' };
export const run = () => 'x'.repeat(300_000);
`;
const ECHO = (name: string) => `export const AGENT = { name: '${name}' };
export const run = () => '${name}';
`;

afterAll(stopServers);

const write = (folder: string, files: { readonly [name: string]: string }) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
};

/** As under a limit on the size of files: a write is cut short there, and the next one fails. */
const withSmallFiles = (kibibytes: number, args: readonly string[]) =>
  spawnSync('bash', ['-c', `ulimit -f ${kibibytes}; exec "$@"`, 'bash', process.execPath, PYPES, ...args], {
    encoding: 'utf8',
  });

describe('standard error and standard output', () => {
  const full = () => openSync('/dev/full', 'w');

  it('a service whose log cannot be written goes on', SLOW, async () => {
    const folder = newFolder();
    write(folder, { 'loud.mjs': LOUD });
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const log = full();
    const child = spawn(process.execPath, [PYPES, 'serve', folder, '--port', String(port), '--root', newFolder()], {
      stdio: ['ignore', 'ignore', log],
    });
    closeSync(log);
    const ended = new Promise((done) => child.once('exit', done));
    const get = async (path: string) => (await fetch(url + path)).json() as Promise<{ packs: JsonObject[] }>;
    await expect.poll(() => get('/api/pack/healthz').catch(() => undefined), SOON).toMatchObject({ status: 'ok' });
    const [pack] = (await get('/api/pack/healthz')).packs;
    for (let calls = 0; calls < 3; calls += 1) {
      const body = JSON.stringify({ name: 'loud', args: {} });
      const answer = await fetch(`${url}/api/pack/${pack?.pack_guid}/agent`, { method: 'POST', body });
      expect(await answer.json()).toEqual({ status: 'ok', output: 'heard' });
    }
    child.kill();
    expect(await ended).toBe(0);
  });

  it.each(['list', 'bundle'])('pypes %s says in a line that its output cannot be written', (command) => {
    const folder = newFolder();
    write(folder, { 'loud.mjs': LOUD });
    const out = full();
    const { status, stderr } = spawnSync(process.execPath, [PYPES, command, folder], {
      stdio: ['ignore', out, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(out);
    expect(status).toBe(3);
    expect(stderr).toMatch(/^Standard output cannot be written: ENOSPC.*\n$/);
  });
});

describe('files that are written', () => {
  it("a run's artifact is there as a whole or not at all", SLOW, async () => {
    const [folder, root] = [newFolder(), join(newFolder(), 'data')];
    write(folder, { 'big.mjs': BIG });
    const { run } = json(await pypes(['run', 'big', '--folder', folder, '--root', root, '--json']));
    const file = join(newFolder(), 'run.json');
    const args = ['runs', 'artifact', String(run), 'run.json', '--root', root, '--out', file];
    const { status, stderr } = withSmallFiles(200, args);
    expect([status, stderr]).toEqual([3, expect.stringContaining('EFBIG')]);
    expect(readdirSync(join(file, '..'))).toEqual([]);
    expect((await pypes(args)).status).toBe(0);
    expect((JSON.parse(readFileSync(file, 'utf8')) as { result: string }).result).toHaveLength(300_000);
  });

  it('a bundle replaces the one before as a whole or not at all', async () => {
    const folder = newFolder();
    write(folder, { 'echo.mjs': ECHO('echo') });
    const out = join(newFolder(), 'bundle.json');
    expect((await pypes(['bundle', folder, '--out', out])).status).toBe(0);
    const before = readFileSync(out, 'utf8');
    write(folder, { 'large.mjs': `${ECHO('large')}// ${'x'.repeat(300_000)}\n` });
    expect(withSmallFiles(200, ['bundle', folder, '--out', out]).status).toBe(3);
    expect([readdirSync(join(out, '..')), readFileSync(out, 'utf8')]).toEqual([['bundle.json'], before]);
    const link = join(newFolder(), 'link.json');
    symlinkSync(out, link);
    expect((await pypes(['bundle', folder, '--out', link])).status).toBe(0);
    expect((JSON.parse(readFileSync(out, 'utf8')) as { agents: Json[] }).agents).toHaveLength(2);
    const line = [process.execPath, PYPES, 'bundle', folder, '--out', '/dev/stdout'];
    const piped = spawnSync('bash', ['-c', '"$@" | head -c 100', 'bash', ...line], { encoding: 'utf8' });
    expect(piped.stdout).toMatch(/^\{\s*"schema": ?"pack\/1\.0"/);
  });

  it('half a template is not in the way of the next one', async () => {
    const cwd = newFolder();
    const made = ['new', 'hello', '--lang', 'python', '--dir', cwd];
    expect(withSmallFiles(0, made).status).toBe(3);
    expect(existsSync(join(cwd, 'hello.py'))).toBe(false);
    expect((await pypes(made)).status).toBe(0);
  });

  it('a bundle that is nested too deep is refused, and leaves nothing', async () => {
    const server = await startServer();
    const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
    const deploy = (levels: number) =>
      server.post(
        '/api/pack/deploy',
        `{"schema":"pack/1.0","name":"deep","more":${deep(levels)},"agents":[{"filename":"echo.mjs","source":${JSON.stringify(ECHO('echo'))}}]}`,
      );
    for (const levels of [500, 5_000, 50_000]) {
      const { status, body } = await deploy(levels);
      expect([status, body]).toEqual([413, expect.objectContaining({ code: 'too_large', limit: 'json_depth' })]);
    }
    const packs = join(server.root, 'packs');
    expect(existsSync(packs) ? readdirSync(packs) : []).toEqual([]);
    const { status, body } = await deploy(499);
    expect(status).toBe(200);
    expect((await server.get(`/api/pack/${body.pack_guid}/bundle`)).status).toBe(200);
  });
});

describe('folders', () => {
  it('that are replaced are served as they are then, with or without a call in between', SLOW, async () => {
    const server = await startServer({ 'one.mjs': ECHO('one') });
    const { packs } = (await server.get('/api/pack/healthz')).body as { packs: { pack_guid: string }[] };
    const guid = String(packs[0]?.pack_guid);
    const call = async (name: string) => (await server.call(guid, name)).body;
    const next = newFolder();
    expect(await call('one')).toMatchObject({ output: 'one' });
    for (const [index, isAsked] of [true, false, true].entries()) {
      await mkdir(next, { recursive: true });
      write(next, { [`n${index}.mjs`]: ECHO(`n${index}`) });
      await rename(server.folder, `${server.folder}.old`);
      if (isAsked) expect(await call('one')).toMatchObject({ code: 'unknown_agent', available: [] });
      await rename(next, server.folder);
      await rm(`${server.folder}.old`, { recursive: true });
      expect(await call(`n${index}`)).toMatchObject({ output: `n${index}` });
      server.write('late.mjs', ECHO('late'));
      expect(await call('late')).toMatchObject({ output: 'late' });
    }
  });

  it('with a link to itself are served without it', async () => {
    const server = await startServer({ 'one.mjs': ECHO('one') });
    symlinkSync('loop.py', join(server.folder, 'loop.py'));
    const { status, body } = await server.get('/api/pack/healthz');
    expect([status, body.packs]).toEqual([200, [expect.objectContaining({ agent_count: 1 })]]);
    const { packs } = body as { packs: { pack_guid: string }[] };
    expect((await server.call(String(packs[0]?.pack_guid), 'one')).body).toEqual({ status: 'ok', output: 'one' });
  });

  it('that are named twice are one pack', async () => {
    const folder = newFolder();
    write(folder, { 'echo.mjs': ECHO('echo') });
    expect(json(await pypes(['list', folder, `${folder}/`, join(folder, '.'), '--json'])).packs).toHaveLength(1);
  });
});

describe('an address of IPv6', () => {
  it('answers to itself', SLOW, async (test) => {
    const server = await startServer({}, { args: ['--host', '::1'] }).catch(() => undefined);
    if (server === undefined) return test.skip('this machine has no IPv6');
    expect(server.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    expect((await server.get('/api/pack/healthz')).status).toBe(200);
  });
});

describe('what agents write', () => {
  it('is shown on a terminal, never obeyed', async () => {
    const folder = newFolder();
    const text = '\\u001b]0;root\\u0007\\u009b2J\\u202eevil';
    write(folder, {
      'evil.mjs': `export const AGENT = { name: 'evil', description: '${text}' };
export function run(context, { fail }) { context.log('warn', '${text}'); if (fail) throw new Error('${text}'); return '${text}'; }
`,
    });
    const at = ['--folder', folder];
    const [listed, called, failed, ran] = await Promise.all([
      pypes(['list', folder]),
      pypes(['call', 'evil', ...at]),
      pypes(['call', 'evil', '{"fail": true}', ...at]),
      pypes(['run', 'evil', '--input', '{"fail": true}', ...at, '--root', newFolder()]),
    ]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
    const acting = /[\u001b\u0007\u009b\u202e]/;
    for (const said of [listed.out, called.err, failed.err, ran.err]) {
      expect(said).not.toMatch(acting);
      expect(said).toContain(text);
    }
    // A file or a program gets the output as the agent gave it.
    expect(called.out).toBe(`${JSON.parse(`"${text}"`)}\n`);
  });
});
