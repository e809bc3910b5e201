// The package that people install: made, installed into an empty folder, served with the network cut off.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PARTS } from '../../packages/cli/src/parts/table.ts';
import { findWorkerd } from '../../packages/runtimes/src/python/pyodide/workerd.ts';
import { edgeSkipReason } from '../../packages/service/src/backends/edge/testing/edge.ts';
import { COMPONENT, EXECUTABLE, LANGUAGES } from './agents.fixture.ts';
import { pathOf, readLock } from './lockfile.ts';
import { pack, type Tarball } from './pack.ts';
import { writePackage } from './package.ts';

const MEGABYTE = 1_000_000;
/** WASI for Node starts it when it is imported, and what it was imported for fails a little later. */
const WASI_THREAD = 'worker-thread.bundle.js';
const ROOT = join(import.meta.dirname, '../..');
/** Node alone, and nothing of this project on the path. */
const NODE_ONLY = {
  PATH: `${join(process.execPath, '..')}:/usr/local/bin:/usr/bin:/bin`,
  npm_config_update_notifier: 'false',
};

const home = mkdtempSync(join(tmpdir(), 'pypes-package-'));
const folder = join(home, 'pypes');
const fresh = join(home, 'fresh');
const env = { ...NODE_ONLY, HOME: home, PYPES_PARTS: join(home, 'parts') };
let bundled: readonly string[] = [];
let tarball: Tarball;
afterAll(() => rmSync(home, { recursive: true, force: true }));

beforeAll(async () => {
  bundled = await writePackage(folder);
  tarball = pack(folder, home);
  mkdirSync(join(fresh, 'agents'), { recursive: true });
  writeFileSync(join(fresh, 'package.json'), '{"private":true}');
  const installed = run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', tarball.file]);
  expect(installed).toMatchObject({ status: 0 });
  for (const { file, source } of [...LANGUAGES, EXECUTABLE]) writeFileSync(join(fresh, 'agents', file), source);
  chmodSync(join(fresh, 'agents', EXECUTABLE.file), 0o755);
  copyFileSync(join(ROOT, 'skills/checksums/component.wasm'), join(fresh, 'agents', COMPONENT.file));
}, 300_000);

function run(command: string, args: readonly string[], more: object = {}) {
  return spawnSync(command, args, { cwd: fresh, encoding: 'utf8', env: { ...env, ...more } });
}

const pypes = (args: readonly string[], more?: object) =>
  run(process.execPath, [join(fresh, 'node_modules/pypes/packages/cli/bin/pypes.mjs'), ...args], more);

it('is small, packed and installed', () => {
  expect(tarball.bytes).toBeLessThan(5 * MEGABYTE);
  expect(sizeOf(join(fresh, 'node_modules'))).toBeLessThan(60 * MEGABYTE);
});

it('brings nothing else along, and runs nothing at install', () => {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  expect(readdirSync(join(fresh, 'node_modules')).filter((name) => !name.startsWith('.'))).toEqual(['pypes']);
  expect(manifest).toMatchObject({ name: 'pypes', engines: { node: '>=24' }, license: 'Apache-2.0' });
  for (const key of ['dependencies', 'optionalDependencies', 'scripts']) expect(manifest).not.toHaveProperty(key);
});

it('says its version', () => {
  expect(pypes(['--version']).stdout.trim()).toBe(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version);
});

const older = ['/usr/bin/node', '/usr/local/bin/node'].find((node) => {
  const major = Number(/^v(\d+)/.exec(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout ?? '')?.[1]);
  return major < 24;
});

it.skipIf(older === undefined)(
  older === undefined ? 'says which Node it needs (skipped: there is no older one)' : 'says which Node it needs',
  () => {
    const bin = join(fresh, 'node_modules/pypes/packages/cli/bin/pypes.mjs');
    expect(run(String(older), [bin, '--version'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^Pypes needs Node 24 or newer, this is \d+\.\d+\.\d+;[^\n]*\n$/),
    });
  },
);

const cut = ['--dev-bind', '/', '/', '--unshare-net', '--die-with-parent', '--'];
const uncut = spawnSync('bwrap', [...cut, 'true']).status !== 0;

it.skipIf(uncut)(
  uncut
    ? 'serves with the network cut off (skipped: bubblewrap cannot cut it here)'
    : 'serves with the network cut off, and calls an agent of each language',
  () => {
    // The sandbox of strangers' Python makes namespaces of its own, which not every namespace lets it.
    const strangers = LANGUAGES.filter(({ file }) => !file.endsWith('.py'));
    const cases = [...LANGUAGES, EXECUTABLE, COMPONENT];
    const agents = strangers.map(({ file, source }) => ({ filename: file, source }));
    const plan = {
      calls: cases.map(({ name, args }) => ({ name, args })),
      strangers: { schema: 'pack/1.0', name: 'strangers', agents },
      strangersCalls: strangers.map(({ name, args }) => ({ name, args })),
    };
    writeFileSync(join(fresh, 'plan.json'), JSON.stringify(plan));
    const { stdout, stderr } = run('bwrap', [
      ...cut,
      process.execPath,
      join(import.meta.dirname, 'offline.fixture.ts'),
      fresh,
    ]);
    expect(stdout, stderr).not.toBe('');
    const { interfaces, startMs, called, strangers: answers } = JSON.parse(stdout);
    console.info(`npx pypes serve answered after ${startMs} ms`);
    expect(interfaces).toEqual(['lo']);
    expect(called).toEqual(cases.map(({ output }) => expect.objectContaining({ status: 'ok', output })));
    expect(answers).toEqual(strangers.map(({ output }) => expect.objectContaining({ status: 'ok', output })));
  },
);

it.skipIf(edgeSkipReason !== undefined)(
  `serves packs at the edge from the tarball alone ${edgeSkipReason ?? ''}`,
  async () => {
    const agents = LANGUAGES.filter(({ file }) => !file.endsWith('.py')).map(({ file, source }) => ({
      filename: file,
      source,
    }));
    const component = readFileSync(join(fresh, 'agents', COMPONENT.file)).toString('base64');
    const cases = [...LANGUAGES.filter(({ file }) => !file.endsWith('.py')), COMPONENT];
    const bundle = {
      schema: 'pack/1.0',
      name: 'edge',
      agents: [...agents, { filename: COMPONENT.file, source_base64: component }],
    };
    const bin = join(fresh, 'node_modules/pypes/packages/cli/bin/pypes.mjs');
    const edge = spawn(process.execPath, [bin, 'edge', '--port', '0', '--root', join(home, 'root')], {
      cwd: fresh,
      env: { ...env, PYPES_WORKERD: findWorkerd() },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const gone = new Promise((done) => edge.once('exit', done));
    try {
      const url = await new Promise<string>((found, failed) => {
        let said = '';
        edge.stderr.setEncoding('utf8').on('data', (text: string) => {
          said += text;
          const address = /"event":"edge\.started","url":"([^"]+)"/.exec(said)?.[1];
          if (address !== undefined) found(address);
        });
        edge.once('exit', () => failed(new Error(said)));
      });
      const post = async (path: string, body: object) =>
        (await fetch(url + path, { method: 'POST', body: JSON.stringify(body) })).json() as Promise<{
          readonly pack_guid: string;
        }>;
      const { pack_guid: guid } = await post('/api/pack/deploy', bundle);
      for (const { name, args, output } of cases)
        expect(await post(`/api/pack/${guid}/agent`, { name, args })).toEqual({ status: 'ok', output });
    } finally {
      edge.kill('SIGTERM');
      await gone;
    }
  },
);

it('ejects, translates and completes from the tarball alone', () => {
  const ejected = pypes(['eject', 'agents/lisp.lispy', '--out', 'alone.mjs']);
  expect(ejected).toMatchObject({ status: 0 });
  expect(run(process.execPath, ['alone.mjs', '{"who":"you"}']).stdout).toContain('Hello, you');
  const translated = pypes(['translate', 'agents/lisp.lispy', '--to', 'py', '--out', 'translated.py']);
  expect(translated).toMatchObject({ status: 0 });
  expect(pypes(['completion', 'bash']).stdout).toContain('complete -F _pypes pypes');
});

it('tells what it lacks', () => {
  const { findings } = JSON.parse(pypes(['doctor', '--json']).stdout);
  const parts = findings.filter(({ part }: { part: string }) => part.startsWith('part '));
  expect(parts).toHaveLength(PARTS.length);
  for (const { found, get } of parts)
    expect({ found, get }).toEqual({ get: expect.stringMatching(/^pypes parts add /) });
});

it('names a part that is missing and how to get it, and finds it once it is there', () => {
  writeFileSync(join(fresh, 'pypes.toml'), '[store]\nkind = "postgres"\nurl_env = "DATABASE"\n');
  const serve = () => {
    const args = ['serve', 'agents', '--config', 'pypes.toml', '--port', '0', '--json'];
    const { status, stdout } = pypes(args, { DATABASE: 'postgres://127.0.0.1:1/none' });
    return { status, ...JSON.parse(stdout) };
  };
  const refused = { status: 'error', code: 'unsupported', part: 'postgres', command: 'pypes parts add postgres' };
  expect(serve()).toMatchObject(refused);
  expect(pypes(['parts', '--json']).stdout).toMatch(/"name":"postgres"[^}]*"state":"missing"/);
  const part = join(env.PYPES_PARTS, 'postgres');
  mkdirSync(join(part, 'node_modules'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules/pg'), join(part, 'node_modules/pg'));
  cpSync(join(folder, 'parts/postgres'), part, { recursive: true });
  // Found: now it is the database that is missing.
  expect(serve()).toMatchObject({ status: 'error', code: 'unavailable' });
  expect(pypes(['parts', '--json']).stdout).toMatch(/"name":"postgres"[^}]*"state":"added"/);
  // Of another version of Pypes: not what this one was tested with.
  writeFileSync(join(part, 'package-lock.json'), '{}');
  expect(serve()).toMatchObject(refused);
});

it('adds a part with npm, exactly as pinned, and removes it', (context) => {
  const cache = spawnSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).stdout.trim();
  const more = { PYPES_PARTS: join(home, 'added'), npm_config_cache: cache, npm_config_offline: 'true' };
  const { status, stdout } = pypes(['parts', 'add', 'postgres', '--json'], more);
  const said = JSON.parse(stdout);
  if (/ENOTCACHED/.test(said.message)) context.skip("npm's cache does not have it, and tests ask no registry");
  expect({ status, said }).toMatchObject({ status: 0, said: { status: 'ok', added: [{ part: 'postgres' }] } });
  const { version } = JSON.parse(readFileSync(join(home, 'added/postgres/node_modules/pg/package.json'), 'utf8'));
  expect(readLock()['node_modules/pg']?.version).toBe(version);
  expect(pypes(['parts', '--json'], more).stdout).toMatch(/"name":"postgres"[^}]*"state":"added"/);
  expect(pypes(['parts', 'remove', 'postgres'], more)).toMatchObject({ status: 0 });
  expect(existsSync(join(home, 'added/postgres'))).toBe(false);
});

it.each(PARTS)('pins the part $name so that npm agrees', ({ name, packages }) => {
  const part = join(home, `check-${name}`);
  cpSync(join(folder, 'parts', name), part, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(part, 'package.json'), 'utf8'));
  expect(Object.keys(manifest.dependencies)).toEqual(packages);
  for (const version of Object.values(manifest.dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+/);
  const lockfile = readFileSync(join(part, 'package-lock.json'), 'utf8');
  expect(lockfile).not.toMatch(/https?:\/\//);
  const args = ['ci', '--dry-run', '--offline', '--ignore-scripts', '--prefix', part];
  expect(run('npm', args)).toMatchObject({ status: 0 });
});

it('lists everything that is bundled, with its licence and hash', () => {
  const lock = readLock();
  const bom = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8'));
  const notices = readFileSync(join(folder, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  expect(bundled.length).toBeGreaterThan(40);
  for (const path of bundled) {
    const { name, version } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
    const component = bom.components.find((each: { purl: string }) => each.purl === purl);
    const hash = Buffer.from(String(lock[pathOf(path)]?.integrity).slice('sha512-'.length), 'base64').toString('hex');
    expect(component, purl).toMatchObject({
      scope: 'required',
      hashes: [{ alg: 'SHA-512', content: hash }],
      licenses: [expect.anything()],
    });
    expect(notices).toContain(`${name} ${version} (`);
  }
});

it('has the WebAssembly that it reads in the list too', () => {
  const bom = JSON.parse(readFileSync(join(folder, 'sbom.cdx.json'), 'utf8'));
  const names = bom.components.map(({ group, name }: { group?: string; name: string }) =>
    group === undefined ? name : `${group}/${name}`,
  );
  const vendored = globSync('vendor/{@*/*,[!@]*}', { cwd: folder }).map((path) => path.slice('vendor/'.length));
  expect(vendored.length).toBeGreaterThan(2);
  expect(names).toEqual(expect.arrayContaining(vendored));
});

it('gives the same bytes when it is made again', async () => {
  const again = join(home, 'again');
  mkdirSync(again);
  await writePackage(join(again, 'pypes'));
  expect(hashOf(pack(join(again, 'pypes'), again).file)).toBe(hashOf(tarball.file));
});

it('says nothing of the machine that it was made on, and starts no thread from a file that it lacks', () => {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || entry.name.endsWith('.wasm')) continue;
    const path = join(entry.parentPath, entry.name);
    const text = readFileSync(path, 'utf8');
    expect(text.includes(ROOT), path).toBe(false);
    expect(text.includes(WASI_THREAD), path).toBe(false);
  }
  expect(existsSync(join(folder, 'node_modules'))).toBe(false);
});

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function sizeOf(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}
