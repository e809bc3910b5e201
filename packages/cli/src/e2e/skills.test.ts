// Skills as people use them: published, trusted, installed beside a running server, updated, taken back, attacked.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { JsonObject } from '@pypes/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findDockerRegistry, startDockerRegistry } from '../../../registry/src/testing/docker-registry.ts';
import { newFolder, type Server, startServer, stopServers } from './server.ts';
import {
  greeter,
  greeterWit,
  json,
  pypes,
  pypesInTerminal,
  type Ran,
  startRegistry,
  stopRegistries,
  type TestRegistry,
  TWICE,
  writeSkill,
} from './skills.fixtures.ts';

afterAll(async () => {
  await stopServers();
  stopRegistries();
});

let registry: TestRegistry;
const skills = newFolder();

beforeAll(async () => {
  registry = await startRegistry();
  const wit = greeterWit();
  await writeSkill(join(skills, 'one'), { version: '1.0.0', component: await greeter('one'), wit });
  await writeSkill(join(skills, 'two'), {
    version: '1.1.0',
    component: await greeter('two', TWICE),
    wit: greeterWit(TWICE.wit),
    manifest: '[permissions]\nmemory = "read-write"\n[labels]\n"*" = { reads = ["untrusted"], sends = ["none"] }\n',
  });
  for (const each of ['one', 'two']) expect(await publish(join(skills, each))).toMatchObject({ err: '', status: 0 });
});

const publish = (folder: string): Promise<Ran> =>
  pypes(['publish', folder, '--to', registry.folder, '--keys', registry.keys]);
const trust = (root: string, from = registry): Promise<Ran> =>
  pypes(['registry', 'trust', from.url, '--trust-root', join(from.folder, '1.root.json'), '--root', root]);

/** A machine that trusts the registry. */
async function newRoot(): Promise<string> {
  const root = join(newFolder(), 'data');
  expect(await trust(root)).toMatchObject({ status: 0 });
  return root;
}

const install = async (root: string, source: string, ...more: readonly string[]): Promise<Ran> =>
  pypes(['install', source, '--root', root, '--yes', '--json', ...more]);

/** The pack of a skill in healthz. */
async function packOf(server: Server, guid: string): Promise<JsonObject> {
  return (await server.get(`/api/pack/${guid}/healthz`)).body;
}

describe('an installed skill', () => {
  it('is callable on a running server a moment later, is updated there, and goes', async () => {
    const root = await newRoot();
    const server = await startServer({}, { root });
    const first = await install(root, 'explicit:greeter@1.0.0');
    expect(first).toMatchObject({ status: 0 });
    const guid = String(json(first).pack_guid);
    expect((await server.call(guid, 'greet', { who: 'Ada' })).body).toEqual({ status: 'ok', output: 'Ada' });
    expect((await server.call(guid, 'twice', { n: 4 })).body).toMatchObject({ code: 'unknown_agent' });

    const second = await install(root, 'remote:greeter@^1', '--grant', 'memory=read-write');
    expect(json(second)).toMatchObject({ pack_guid: guid, version: '1.1.0', granted: { memory: 'read-write' } });
    expect((await server.call(guid, 'twice', { n: 4 })).body).toEqual({ status: 'ok', output: 8 });
    expect((await server.call(guid, 'twice', { n: 'four' })).body).toMatchObject({ code: 'invalid_input' });

    expect(json(await pypes(['skills', '--root', root, '--json']))).toMatchObject({
      skills: [{ version: '1.1.0', pack_guid: guid, permissions: { memory: 'read-write' } }],
    });
    expect(await pypes(['verify', '--root', root])).toMatchObject({ status: 0 });
    expect(await pypes(['uninstall', 'greeter', '--root', root])).toMatchObject({ status: 0 });
    expect((await server.call(guid, 'greet', { who: 'Ada' })).status).toBe(404);
    const collected = json(await pypes(['skills', '--gc', '--root', root, '--json']));
    expect((collected.removed as JsonObject).files).toBeGreaterThanOrEqual(2);
  });

  it('shows what it is, what it asks for and what an update changes, before anything is installed', async () => {
    const root = await newRoot();
    await install(root, 'explicit:greeter@1.0.0');
    const asked = await pypes(['install', 'remote:greeter', '--root', root]);
    expect(asked.status).toBe(2);
    for (const text of ['greeter@1.1.0', 'memory=read-write', 'reads what strangers wrote', 'new functions: twice']) {
      expect(asked.err).toContain(text);
    }
    expect(json(await pypes(['skills', '--root', root, '--json']))).toMatchObject({ skills: [{ version: '1.0.0' }] });
  });

  it('is granted what a person says in a terminal, and only what it asked for', async () => {
    const granted = async (answer: string) => {
      const root = await newRoot();
      const ran = await pypesInTerminal(['install', 'remote:greeter', '--root', root], `${answer}\n`);
      const { skills: installed } = json(await pypes(['skills', '--root', root, '--json'])) as {
        skills: readonly JsonObject[];
      };
      return [ran.status, installed.map(({ permissions }) => permissions)];
    };
    expect(await granted('y')).toEqual([0, [{ memory: 'read-write' }]]);
    expect(await granted('w')).toEqual([0, [{}]]);
    expect(await granted('n')).toEqual([2, []]);
    const root = await newRoot();
    const more = await install(root, 'remote:greeter', '--grant', 'network=api.example.com');
    expect([more.status, json(more).code]).toEqual([2, 'invalid_request']);
    expect(json(await pypes(['skills', '--root', root, '--json']))).toMatchObject({ skills: [] });
  });

  it('is no pack that a deploy replaces or a request removes', async () => {
    const root = await newRoot();
    const server = await startServer({}, { root });
    const guid = String(json(await install(root, 'explicit:greeter@1.0.0')).pack_guid);
    const taken = await server.deploy({ 'a.lispy': '(def AGENT {:name "a"})\n(defn run [c] 1)' }, { pack_guid: guid });
    expect(taken.status).toBe(423);
    const removed = await fetch(`${server.url}/api/pack/${guid}`, { method: 'DELETE' });
    expect(removed.status).toBeGreaterThanOrEqual(400);
    expect((await server.call(guid, 'greet', { who: 'Ada' })).status).toBe(200);
  });

  it('runs without a network, from what was verified', async () => {
    const away = await startRegistry();
    await pypes(['publish', join(skills, 'one'), '--to', away.folder, '--keys', away.keys]);
    const root = join(newFolder(), 'data');
    await trust(root, away);
    expect((await install(root, 'explicit:greeter@1.0.0')).status).toBe(0);
    away.stop();
    expect((await install(root, 'remote:greeter')).status).toBe(3);
    expect((await install(root, 'remote:greeter', '--offline')).status).toBe(0);
    expect((await pypes(['verify', '--root', root, '--offline'])).status).toBe(0);
    const server = await startServer({}, { root });
    const [{ pack_guid: guid }] = json(await pypes(['skills', '--root', root, '--json'])).skills as [JsonObject];
    expect((await server.call(String(guid), 'greet', { who: 'Ada' })).body.output).toBe('Ada');
  });
});

describe('a skill that was taken back', () => {
  it('stays when it is yanked, and stops when it is revoked, saying why', async () => {
    const own = await startRegistry();
    const keys = ['--keys', own.keys];
    await pypes(['publish', join(skills, 'one'), '--to', own.folder, ...keys]);
    const root = join(newFolder(), 'data');
    await trust(root, own);
    const guid = String(json(await install(root, 'explicit:greeter@1.0.0')).pack_guid);
    const server = await startServer({}, { root });
    expect((await server.call(guid, 'greet', { who: 'Ada' })).status).toBe(200);

    const yanked = await pypes(['registry', 'yank', own.folder, 'greeter@1.0.0', '--reason', 'typo', ...keys]);
    expect(yanked.status).toBe(0);
    expect((await pypes(['verify', '--root', root])).status).toBe(0);
    expect((await server.call(guid, 'greet', { who: 'Ada' })).status).toBe(200);
    const again = await install(await otherRoot(own), 'remote:greeter');
    expect([again.status, json(again).message]).toEqual([2, expect.stringContaining('typo')]);

    await pypes(['registry', 'revoke', own.folder, 'greeter@1.0.0', '--reason', 'stolen key', ...keys]);
    const verified = await pypes(['verify', '--root', root]);
    expect([verified.status, verified.out]).toEqual([2, expect.stringContaining('stolen key')]);
    const refused = await server.call(guid, 'greet', { who: 'Ada' });
    expect(refused.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify((await packOf(server, guid)).quarantined)).toContain('stolen key');
    const late = await install(await otherRoot(own), 'explicit:greeter@1.0.0');
    expect([late.status, json(late).message]).toEqual([2, expect.stringContaining('stolen key')]);
  });

  async function otherRoot(from: TestRegistry): Promise<string> {
    const root = join(newFolder(), 'data');
    await trust(root, from);
    return root;
  }
});

describe('attacks', () => {
  it('does not load an artifact that was changed on the disk, and says so', async () => {
    const root = await newRoot();
    const guid = String(json(await install(root, 'explicit:greeter@1.0.0')).pack_guid);
    const folder = join(root, 'skills', 'cache', 'artifacts');
    const [artifact] = readdirSync(folder);
    const path = join(folder, String(artifact));
    const bytes = readFileSync(path);
    bytes[bytes.length - 2000] = (bytes[bytes.length - 2000] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    const server = await startServer({}, { root });
    expect((await server.call(guid, 'greet', { who: 'Ada' })).status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify((await packOf(server, guid)).quarantined)).toMatch(/digest|changed|tampered/i);
    const verified = await pypes(['verify', '--root', root, '--json']);
    expect([verified.status, json(verified)]).toMatchObject([2, { status: 'failed', skills: [{ ok: false }] }]);
  });

  it('keeps the earlier version where a newer one is refused', async () => {
    const own = await startRegistry();
    const keys = ['--keys', own.keys];
    await pypes(['publish', join(skills, 'one'), '--to', own.folder, ...keys]);
    const root = join(newFolder(), 'data');
    await trust(root, own);
    const guid = String(json(await install(root, 'remote:greeter')).pack_guid);
    await pypes(['publish', join(skills, 'two'), '--to', own.folder, ...keys]);
    for (const path of filesBelow(own.folder)) {
      if (!path.endsWith('.json') && statSync(path).mtimeMs > 0)
        writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from('x')]));
    }
    const update = await install(root, 'remote:greeter', '--grant', 'memory=read-write');
    expect([update.status, json(update).status]).toEqual([expect.any(Number), 'error']);
    expect(update.status).not.toBe(0);
    const server = await startServer({}, { root });
    expect((await server.call(guid, 'greet', { who: 'Ada' })).body.output).toBe('Ada');
  });

  it('refuses a component that is not what its .wit says, at publishing and at installing', async () => {
    const folder = await writeSkill(join(newFolder(), 'liar'), {
      version: '2.0.0',
      component: await greeter('liar'),
      wit: greeterWit('  wire: func(amount: u64) -> bool;\n'),
    });
    const published = await publish(folder);
    expect([published.status, published.err]).toEqual([expect.any(Number), expect.stringContaining('wire')]);
    expect(published.status).not.toBe(0);
    const root = await newRoot();
    const installed = await install(root, folder, '--allow-unsigned');
    expect([json(installed).status, json(installed).message]).toEqual(['error', expect.stringContaining('wire')]);
    expect(json(await pypes(['skills', '--root', root, '--json']))).toMatchObject({ skills: [] });
  });

  it('takes nothing that nobody signed, unless it is told to; and what a trusted key signed', async () => {
    const root = await newRoot();
    const folder = await writeSkill(join(newFolder(), 'mine'), {
      version: '1.0.0',
      component: await greeter('mine'),
      wit: greeterWit(),
    });
    const unsigned = await install(root, folder);
    expect([unsigned.status, json(unsigned).message]).toEqual([2, expect.stringContaining('has no signature')]);
    const open = await pypes(['install', folder, '--root', root, '--yes', '--allow-unsigned']);
    expect([open.status, open.err]).toEqual([0, expect.stringContaining('nobody vouches')]);
    expect((await pypes(['uninstall', folder, '--root', root])).status).toBe(0);

    const keys = join(newFolder(), 'keys');
    await pypes(['registry', 'keygen', 'me', '--keys', keys]);
    expect((await pypes(['sign', folder, '--keys', keys])).status).toBe(0);
    expect((await install(root, folder)).status).toBe(2);
    const trusted = ['registry', 'trust-key', 'me', join(keys, 'me.pub'), '--root', root];
    expect((await pypes(trusted)).status).toBe(0);
    expect(json(await install(root, folder))).toMatchObject({ status: 'ok', version: '1.0.0' });

    writeFileSync(join(folder, 'component.wasm'), await greeter('changed'));
    const changed = await install(root, folder);
    expect([changed.status, json(changed).status]).toEqual([2, 'error']);
  });

  it('serves nothing but the registry', async () => {
    writeFileSync(join(registry.folder, '.secret'), 'x');
    const paths = [
      '/../keys/root-1.key',
      '/%2e%2e/keys/root-1.key',
      '/.secret',
      '/',
      '/nothing',
      '//etc/passwd',
      '/a\\..\\b',
    ];
    for (const path of paths) expect([path, await rawStatus(registry.url, path)]).toEqual([path, 404]);
    expect(await rawStatus(registry.url, '/timestamp.json')).toBe(200);
    expect((await fetch(`${registry.url}/timestamp.json`, { method: 'PUT', body: 'x' })).status).toBe(405);
  });

  it('trusts no registry whose root it was not given', async () => {
    const other = await startRegistry();
    const root = join(newFolder(), 'data');
    const args = ['registry', 'trust', registry.url, '--trust-root', join(other.folder, '1.root.json'), '--root', root];
    expect((await pypes(args)).status).not.toBe(0);
    expect((await install(root, 'remote:greeter')).status).toBe(3);
  });
});

const dockerRegistry = findDockerRegistry();
const noDocker = dockerRegistry === undefined && process.env.CI === undefined;

describe.skipIf(noDocker)(`an OCI registry${noDocker ? ' (docker-registry is not installed)' : ''}`, () => {
  it('takes a skill and gives it back, signed', async () => {
    const host = await startDockerRegistry(String(dockerRegistry));
    const keys = join(newFolder(), 'keys');
    await pypes(['registry', 'keygen', 'me', '--keys', keys]);
    const source = `oci://${host}/acme/greeter:1.0.0`;
    const pushed = await pypes(['publish', join(skills, 'one'), '--to', source, '--keys', keys]);
    expect(pushed).toMatchObject({ status: 0 });
    const root = join(newFolder(), 'data');
    expect((await install(root, source)).status).toBe(2);
    await pypes(['registry', 'trust-key', 'me', join(keys, 'me.pub'), '--root', root]);
    const installed = await install(root, source);
    expect(installed).toMatchObject({ status: 0 });
    const server = await startServer({}, { root });
    const guid = String(json(installed).pack_guid);
    expect((await server.call(guid, 'greet', { who: 'Ada' })).body.output).toBe('Ada');
  });
});

describe('a skill of two-export files', () => {
  it('is published, installed and sandboxed like a component', async () => {
    const folder = await writeSkill(join(newFolder(), 'words'), {
      name: 'words',
      version: '0.1.0',
      files: {
        'count.mjs':
          'export const AGENT = { name: "count" };\nexport const run = (c, { text }) => [text.length, typeof process];\n',
      },
    });
    expect(await publish(folder)).toMatchObject({ status: 0 });
    const root = await newRoot();
    const guid = String(json(await install(root, 'explicit:words@0.1.0')).pack_guid);
    const server = await startServer({}, { root });
    expect((await server.call(guid, 'count', { text: 'abc' })).body.output).toEqual([3, 'undefined']);
  });
});

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/** A status without a client that tidies the path first. */
function rawStatus(url: string, path: string): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((done, failed) => {
    request({ hostname, port, path }, (response) => {
      response.resume();
      done(response.statusCode);
    })
      .on('error', failed)
      .end();
  });
}

it('needs a terminal program for the terminal tests', () => {
  expect(spawnSync('script', ['--version']).status).toBe(0);
});
