// The stores on a disk: the shared suites, the layout of spec 2, and what other hands and crashes leave behind.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { bytesOf, GUID, manifestOf, TENANTS, testMemoryStore, testPackStore } from '../testing/suites.ts';
import { createFilesystemMemoryStore, createFilesystemPackStore } from './index.ts';

const roots: string[] = [];
const newRoot = () => {
  const root = mkdtempSync(join(tmpdir(), 'pypes-store-'));
  roots.push(root);
  return root;
};
afterAll(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

testPackStore('filesystem', () => createFilesystemPackStore(newRoot()));
testMemoryStore('filesystem', () => createFilesystemMemoryStore(newRoot()));

describe('the layout on the disk', () => {
  it('is the one of spec 2', async () => {
    const root = newRoot();
    const files = [{ filename: 'a.py', bytes: bytesOf('x') }];
    await createFilesystemPackStore(root).put(GUID, { manifest: manifestOf('one'), files });
    await createFilesystemMemoryStore(root).update({ packGuid: GUID }, () => ({ a: 1 }));
    const at = (path: string) => readFileSync(join(root, 'packs', GUID, path), 'utf8');
    expect(JSON.parse(at('manifest.json'))).toEqual(manifestOf('one'));
    expect(at('agents/a.py')).toBe('x');
    expect(JSON.parse(at('memory/shared/memory.json'))).toEqual({ a: 1 });
  });

  it('puts tenants below the memory of the pack, under names that no disk mixes up', async () => {
    const root = newRoot();
    const memory = createFilesystemMemoryStore(root);
    for (const tenant of TENANTS) await memory.update({ packGuid: GUID, tenant }, () => ({ a: 1 }));
    const folder = join(root, 'packs', GUID, 'memory');
    expect(readdirSync(folder)).toEqual(['tenants']);
    const names = readdirSync(join(folder, 'tenants'));
    expect(names).toHaveLength(TENANTS.length);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(TENANTS.length);
    for (const name of names) expect(name).toMatch(/^t-[a-z0-9_=-]+$/);
    expect(readdirSync(root)).toEqual(['packs']);
    await memory.removePack(GUID);
    expect(readdirSync(join(root, 'packs', GUID))).toEqual([]);
  });

  it('does not grow with every deploy', async () => {
    const root = newRoot();
    const store = createFilesystemPackStore(root);
    for (let n = 0; n < 5; n++) await store.put(GUID, { manifest: manifestOf(String(n)), files: [] });
    expect(readdirSync(join(root, 'packs', GUID, 'versions'))).toHaveLength(2);
    expect(readdirSync(join(root, 'packs', GUID)).sort()).toEqual(['agents', 'current', 'manifest.json', 'versions']);
  });

  it('refuses a guid that is a path', async () => {
    const store = createFilesystemPackStore(newRoot());
    const memory = createFilesystemMemoryStore(newRoot());
    for (const guid of ['../../etc', '..', '', `${GUID}/..`, GUID.toUpperCase()]) {
      await expect(store.get(guid)).rejects.toMatchObject({ code: 'invalid_request' });
      await expect((async () => memory.read({ packGuid: GUID, userGuid: guid }))()).rejects.toMatchObject({
        code: 'invalid_request',
      });
    }
  });

  it('writes a file name that is a path inside the pack only', async () => {
    const root = newRoot();
    const store = createFilesystemPackStore(root);
    await store.put(GUID, {
      manifest: manifestOf('one'),
      files: [{ filename: '../../../evil.py', bytes: bytesOf('x') }],
    });
    expect((await store.get(GUID))?.files.map((file) => file.filename)).toEqual(['evil.py']);
    expect(readdirSync(root)).toEqual(['packs']);
  });
});

describe('a damaged memory file', () => {
  it.each(['{"a":', '[1]', ''])('%j is named and never overwritten', async (text) => {
    const root = newRoot();
    const store = createFilesystemMemoryStore(root);
    await store.update({ packGuid: GUID }, () => ({ a: 1 }));
    const path = join(root, 'packs', GUID, 'memory/shared/memory.json');
    writeFileSync(path, text);
    await expect(store.read({ packGuid: GUID })).rejects.toMatchObject({ code: 'internal' });
    await expect(store.update({ packGuid: GUID }, () => ({ b: 2 }))).rejects.toMatchObject({ code: 'internal' });
    expect(readFileSync(path, 'utf8')).toBe(text);
  });
});
