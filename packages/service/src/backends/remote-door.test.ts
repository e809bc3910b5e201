// The remote door of a machine and of a function: closed without a key, and then the languages that run there.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteRuntime } from '@pypes/runtimes/remote';
import { createMemoryMemoryStore, createMemoryPackStore } from '@pypes/stores/memory';
import { afterAll, describe, expect, it } from 'vitest';
import { callOne, failureOf, loadOne } from '../http/remote/testing/call.ts';
import { listen } from '../http/remote/testing/pair.ts';
import { openFunction } from './functions/open.ts';
import { startNodeService } from './node.ts';

const KEY = 'a key of a machine and of an edge';
const LANGUAGES = [
  { name: 'lispy', extensions: ['.lispy'] },
  { name: 'lua', extensions: ['.lua'] },
];
const LISPY = '(def AGENT {:name "add"}) (defn run [context a] (+ a 1))';
const LUA = 'AGENT = { name = "add" } function run(context, args) return args.a + 1 end';

const folder = mkdtempSync(join(tmpdir(), 'pypes-remote-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function keyFile(text: string, mode = 0o600): string {
  const path = join(folder, `${text.length}-${mode}.key`);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const start = (file?: string) =>
  startNodeService({
    folders: [],
    root: mkdtempSync(join(folder, 'root-')),
    version: '0',
    port: 0,
    logLevel: 'error',
    ...(file === undefined ? {} : { remote: { keyFile: file } }),
  });

function connect(endpoint: string, key = KEY) {
  return createRemoteRuntime({ endpoint, key, languages: LANGUAGES, fetch: (url, init) => fetch(url, init) });
}

describe('a machine', () => {
  it('runs files of other hosts where it has a key', async () => {
    const service = await start(keyFile(`${KEY}\n`));
    try {
      const [lispy, lua] = connect(service.url).runtimes;
      expect((await callOne(await loadOne(lispy, 'add.lispy', LISPY), { a: 1 })).output).toBe(2);
      expect((await callOne(await loadOne(lua, 'add.lua', LUA), { a: 2 })).output).toBe(3);
      const other = connect(service.url, `${KEY}.`);
      expect(await failureOf(loadOne(other.runtimes[0], 'add.lispy', LISPY))).toMatchObject({ code: 'unavailable' });
    } finally {
      await service.close(0);
    }
  });

  it('is closed without one', async () => {
    const service = await start();
    try {
      expect((await fetch(`${service.url}/api/remote/load`, { method: 'POST', body: '{}' })).status).toBe(404);
    } finally {
      await service.close(0);
    }
  });

  it.each([
    ['that is short', () => keyFile('short'), 'invalid_request'],
    ['that others can read', () => keyFile(KEY, 0o644), 'unavailable'],
    ['that is not there', () => join(folder, 'none'), 'unavailable'],
  ])('does not start with a key %s', async (_what, file, code) => {
    await expect(start(file())).rejects.toMatchObject({ code });
  });
});

describe('a function', () => {
  const open = (environment: { readonly [name: string]: string }) =>
    openFunction({
      name: 'test',
      folder,
      environment: { PYPES_TOKEN: 'a-token-of-the-operator', PYPES_ALLOW_HOSTS: '127.0.0.1', ...environment },
      openStores: () => ({
        packs: Object.assign(createMemoryPackStore(), { fresh: async () => undefined }) as never,
        memory: createMemoryMemoryStore(),
      }),
      write: () => undefined,
    });

  it('runs files of other hosts where its environment has a key', async () => {
    const service = await open({ PYPES_REMOTE_KEY: KEY });
    const server = await listen((request) => service.fetch(request));
    try {
      const [lispy] = connect(server.url).runtimes;
      expect((await callOne(await loadOne(lispy, 'add.lispy', LISPY), { a: 1 })).output).toBe(2);
    } finally {
      await server.close();
    }
  });

  it('is closed without one, and refuses one that is short', async () => {
    const service = await open({});
    const request = new Request('http://127.0.0.1/api/remote/load', { method: 'POST', body: '{}' });
    expect((await service.fetch(request)).status).toBe(404);
    await expect(open({ PYPES_REMOTE_KEY: 'short' })).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
