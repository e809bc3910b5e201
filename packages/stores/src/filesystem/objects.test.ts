// Objects on a disk: the shared suite, the layout, and what other hands leave behind.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testObjectStore } from '../testing/objects.ts';
import { modeOf, newRoot } from '../testing/roots.ts';
import { bytesOf, GUID, textOf } from '../testing/suites.ts';
import { createFilesystemObjectStore } from './index.ts';

testObjectStore('filesystem', () => createFilesystemObjectStore(newRoot()));

const object = (name: string, text: string) => ({ name, contentType: 'text/plain', bytes: bytesOf(text) });
const scope = { packGuid: GUID };

describe('objects on a disk', () => {
  it('keep equal bytes once, and none that no name has', async () => {
    const root = newRoot();
    const store = createFilesystemObjectStore(root);
    const blobs = () => readdirSync(join(root, 'objects', GUID, 'shared/blobs')).length;
    for (const name of ['a', 'b', 'c']) await store.put(scope, object(name, 'same'));
    expect(blobs()).toBe(1);
    await store.put(scope, object('a', 'other'));
    expect(blobs()).toBe(2);
    for (const name of ['b', 'c']) await store.delete(scope, name);
    expect(blobs()).toBe(1);
    expect(modeOf(join(root, 'objects', GUID, 'shared/index.json'))).toBe('600');
    await store.removePack(GUID);
    expect(readdirSync(join(root, 'objects'))).toEqual([]);
  });

  it('never leave their folder', async () => {
    const root = newRoot();
    const store = createFilesystemObjectStore(root);
    await store.put({ packGuid: GUID, userGuid: '../../../../evil' }, object('../../../evil', 'x'));
    expect(readdirSync(root)).toEqual(['objects']);
    expect(readdirSync(join(root, 'objects'))).toEqual([GUID]);
    expect(readdirSync(join(root, 'objects', GUID))[0]).toMatch(/^user-[0-9a-f]{64}$/);
    for (const packGuid of ['..', '', 'x', GUID.toUpperCase()]) {
      await expect(store.put({ packGuid }, object('a', 'x'))).rejects.toMatchObject({ code: 'invalid_request' });
    }
  });

  it('of two stores on one root are the same objects, and no change is lost', async () => {
    const root = newRoot();
    const stores = [createFilesystemObjectStore(root), createFilesystemObjectStore(root)] as const;
    const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
    await Promise.all(names.map((name, index) => stores[index % 2 === 0 ? 0 : 1].put(scope, object(name, name))));
    for (const store of stores) expect(await store.list(scope)).toHaveLength(20);
  });

  it('that are damaged are named, not lost', async () => {
    const root = newRoot();
    const store = createFilesystemObjectStore(root);
    await store.put(scope, object('a', 'x'));
    const folder = join(root, 'objects', GUID, 'shared');
    rmSync(join(folder, 'blobs'), { recursive: true });
    await expect(store.get(scope, 'a')).rejects.toMatchObject({ code: 'unavailable' });
    for (const text of ['{', '[]', '{"version":1,"objects":[{"name":"a"}]}', '{"version":2,"objects":[]}']) {
      writeFileSync(join(folder, 'index.json'), text);
      await expect(store.list(scope)).rejects.toMatchObject({ code: 'unavailable' });
      await expect(store.put(scope, object('b', 'x'))).rejects.toMatchObject({ code: 'unavailable' });
      expect(readFileSync(join(folder, 'index.json'), 'utf8')).toBe(text);
    }
  });

  it('are not too many for one user', async () => {
    const root = newRoot();
    const store = createFilesystemObjectStore(root);
    const { digest } = await store.put(scope, object('a', ''));
    const objects = Array.from({ length: 10_000 }, (_, index) => ({
      name: `n${index}`,
      content_type: 'text/plain',
      size: 0,
      digest,
    }));
    writeFileSync(join(root, 'objects', GUID, 'shared/index.json'), JSON.stringify({ version: 1, objects }));
    await expect(store.put(scope, object('b', ''))).rejects.toMatchObject({
      code: 'resource_exhausted',
      details: { limit: 'objects' },
    });
    await store.put(scope, object('n5', 'new'));
    expect(textOf((await store.get(scope, 'n5'))?.bytes as never)).toBe('new');
  });
});
