// The command line as people use it: real processes, their output and their exit codes.
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, PackBundle } from '@pypes/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { PYPES } from './command.ts';
import { newFolder, noPython, startServer, stopServers } from './server.ts';

afterAll(stopServers);

const pypes = (args: readonly string[], options: { cwd?: string; input?: string } = {}): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [PYPES, ...args], {
    encoding: 'utf8',
    cwd: options.cwd ?? newFolder(),
    input: options.input ?? '',
  });
const json = (result: SpawnSyncReturns<string>): JsonObject => JSON.parse(result.stdout) as JsonObject;

describe('new, test, call, list', () => {
  it.each(['python', 'lispy', 'javascript', 'typescript', 'executable'])('in %s: from nothing to a call', (lang) => {
    if (lang === 'python' && noPython !== undefined) return;
    const cwd = newFolder();
    const made = json(pypes(['new', 'my-agent', '--lang', lang, '--json'], { cwd }));
    const file = String(made.file);
    const tested = pypes(['test', file], { cwd });
    expect([tested.status, tested.stdout]).toEqual([0, expect.stringContaining('1 passed, 0 failed')]);
    const called = pypes(['call', file, '{"who": "world"}', '--json'], { cwd });
    expect(json(called)).toEqual({ status: 'ok', output: lang === 'executable' ? { bytes: 15 } : 'Hello, world!' });
    expect(pypes(['call', 'my-agent', '--arg', 'who=world'], { cwd }).status).toBe(0);
    expect(json(pypes(['list', '--json'], { cwd }))).toMatchObject({ packs: [{ agents: [{ name: 'my-agent' }] }] });
    const again = pypes(['new', 'my-agent', '--lang', lang], { cwd });
    expect([again.status, again.stderr]).toEqual([3, expect.stringContaining('exists already')]);
  });
});

describe('exit codes', () => {
  it('say nothing where nobody reads any more', async () => {
    const leaking = join(import.meta.dirname, '../../../../examples/stock-briefing/leak-by-wire.toml');
    const run = async (...args: readonly string[]) => {
      const child = spawn(process.execPath, [PYPES, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
      child.stdout.destroy();
      let said = '';
      child.stderr.on('data', (chunk) => {
        said += String(chunk);
      });
      const code = await new Promise((resolve) => child.once('close', resolve));
      return { said, code };
    };
    expect((await run('guard', 'replay', '--help')).said).toBe('');
    // A check that failed is no success because its findings were cut off.
    const { said, code } = await run('check', leaking);
    expect(said).toBe('');
    expect([2, 3]).toContain(code);
  });

  const cwd = newFolder();
  writeFileSync(
    join(cwd, 'a.mjs'),
    `export const AGENT = { name: 'a', parameters: { type: 'object', required: ['n'], properties: { n: { type: 'number' }, zip: { type: 'string' } } }, examples: [{ args: { n: 1 }, returns: 99 }] };
export function run(context, args) { if (args.n < 0) throw new Error('negative'); return args; }`,
  );

  it.each<[readonly string[], number]>([
    [['call', 'a', '{"n": 1}'], 0],
    [['call', 'a', '{"n": "x"}'], 2],
    [['call', 'a', 'not json'], 2],
    [['call', 'a', '[1]'], 2],
    [['call', 'nobody'], 2],
    [['call', 'a', '--arg', 'n'], 2],
    [['call', 'a', '{"n": -1}'], 3],
    [['call', 'a', '{"n": 1}', '--url', 'http://127.0.0.1:9'], 3],
    [['test', 'a.mjs'], 4],
    [['test', 'none.mjs'], 2],
    [['list', 'nowhere'], 2],
    [['serve', 'nowhere'], 2],
    [['serve', '--port', '70000'], 2],
    [['serve', '--log-level', 'loud'], 2],
    [['bundle', 'nowhere'], 2],
    [['deploy', 'nowhere'], 2],
    [['new', '../x'], 2],
    [['new', 'x', '--lang', 'cobol'], 2],
    [['frobnicate'], 2],
    [['call'], 2],
    [['--version'], 0],
    [['--help'], 0],
    [['call', '--help'], 0],
  ])('%j → %i', (args, status) => {
    expect(pypes(args, { cwd }).status).toBe(status);
  });

  it('say the same as JSON', () => {
    expect(json(pypes(['call', 'a', '{}', '--json'], { cwd }))).toMatchObject({
      status: 'error',
      code: 'invalid_input',
      errors: [{ path: '', message: 'must have the property "n"' }],
    });
    expect(json(pypes(['test', 'a.mjs', '--json'], { cwd }))).toMatchObject({
      status: 'failed',
      outcomes: [{ passed: false }],
    });
  });

  it('read arguments as the schema asks for them, and from standard input', () => {
    expect(json(pypes(['call', 'a', '--arg', 'n=3', '--arg', 'zip=0150', '--json'], { cwd })).output).toEqual({
      n: 3,
      zip: '0150',
    });
    expect(json(pypes(['call', 'a', '-', '--json'], { cwd, input: '{"n": 5}' })).output).toEqual({ n: 5 });
  });
});

describe('bundle and deploy', () => {
  it('say what stays behind', () => {
    const cwd = newFolder();
    for (const [name, lang] of [
      ['one', 'lispy'],
      ['two', 'executable'],
    ] as const)
      pypes(['new', name, '--lang', lang], { cwd });
    const { status, stderr } = pypes(['bundle', '.', '-o', 'pack.json'], { cwd });
    expect([status, stderr]).toEqual([0, 'left out two: executables run in folders of the operator alone\n']);
    const { agents } = JSON.parse(readFileSync(join(cwd, 'pack.json'), 'utf8')) as PackBundle;
    expect(agents.map(({ filename }) => filename)).toEqual(['one.lispy']);
  });

  it('bring a folder to an endpoint, by bundle file too, and call it there', async () => {
    const server = await startServer({}, { args: ['--auth-required'], env: { PYPES_TOKEN: 'operator' } });
    const cwd = newFolder();
    pypes(['new', 'one', '--lang', 'lispy'], { cwd });
    expect(pypes(['bundle', '.', '-o', 'pack.json', '--name', 'mine'], { cwd }).status).toBe(0);
    const bundle = JSON.parse(readFileSync(join(cwd, 'pack.json'), 'utf8')) as JsonObject;
    expect(bundle).toMatchObject({
      schema: 'pack/1.0',
      name: 'mine',
      agents: [{ filename: 'one.lispy', sha256: expect.any(String) }],
    });
    const first = json(pypes(['deploy', 'pack.json', '--to', server.url, '--json'], { cwd }));
    const guid = String(first.pack_guid);
    const call = (token: string) =>
      pypes(['call', 'one', '{"who": "you"}', '--url', server.url, '--pack', guid, '--token', token, '--json'], {
        cwd,
      });
    expect(json(call(String(first.pack_token)))).toEqual({ status: 'ok', output: 'Hello, you!' });
    expect([call('wrong').status, json(call('wrong')).code]).toEqual([2, 'forbidden']);
    expect(pypes(['deploy', '.', '--to', server.url, '--guid', guid], { cwd }).status).toBe(2);
    expect(pypes(['deploy', '.', '--to', server.url, '--guid', guid, '--token', 'operator'], { cwd }).status).toBe(0);
    expect(json(pypes(['list', '--url', server.url, '--token', 'operator', '--json'], { cwd })).packs).toContainEqual(
      expect.objectContaining({ pack_guid: guid, agents: [{ name: 'one', description: '' }] }),
    );
  });
});

describe('lispy', () => {
  it('runs a program from a file or standard input, and prints canonical values as JSON', () => {
    const cwd = newFolder();
    writeFileSync(join(cwd, 'p.lispy'), '(println "hi")\n[1 2.0 "x" nil]');
    expect(pypes(['lispy', 'p.lispy'], { cwd }).stdout).toBe('hi\n(1 2.0 "x" nil)\n');
    expect(json(pypes(['lispy', '-', '--json'], { input: '(println "hi") (expt 2 70)' }))).toEqual({
      value: { type: 'integer', value: '1180591620717411303424' },
      stdout: 'hi\n',
      error: null,
    });
    const failed = pypes(['lispy', '-', '--json'], { input: '(+ 1\n  (frst 2))' });
    expect([failed.status, json(failed).error]).toEqual([3, expect.objectContaining({ code: 'unbound', line: 2 })]);
    expect(pypes(['lispy', 'none.lispy']).status).toBe(2);
    expect(pypes(['lispy', '-', '--max-steps', '100'], { input: '(while true nil)' }).status).toBe(3);
  });

  it('is a REPL that goes on after an error and waits for closing brackets', () => {
    const { stdout, status } = pypes(['lispy'], { input: '(define x 20)\n(+ x\n 22)\n(nope)\n(* x 2)\n' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/42[\s\S]*nope[\s\S]*40/);
  });
});

describe('doctor', () => {
  it('says what is there and what is missing, and how to get it', () => {
    const report = json(pypes(['doctor', '--json']));
    expect(report.status).toBe('ok');
    for (const finding of report.findings as readonly JsonObject[]) {
      for (const key of ['part', 'costs', 'get']) expect(finding[key]).toEqual(expect.any(String));
    }
  });
});
