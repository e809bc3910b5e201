// Grants on a disk: the shared suite, other processes, and what is damaged.
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modeOf, newRoot } from '../testing/roots.ts';
import { testGrantStore } from '../testing/secrets.ts';
import { GUID } from '../testing/suites.ts';
import { createFilesystemGrantStore } from './index.ts';

testGrantStore('filesystem', () => createFilesystemGrantStore(newRoot()));

describe('grants on a disk', () => {
  const grant = { pack_guid: GUID, permissions: { ai: true }, granted_at: '2026-01-01T00:00:00.000Z' };

  it('are seen by others at once, and are their owner’s alone', async () => {
    const root = newRoot();
    const [one, other] = [createFilesystemGrantStore(root), createFilesystemGrantStore(root)];
    for (const ai of [true, false, true]) {
      await one.put({ ...grant, permissions: { ai } });
      expect((await other.get(GUID))?.permissions.ai).toBe(ai);
    }
    expect(modeOf(join(root, 'grants', `${GUID}.json`))).toBe('600');
    await one.remove(GUID);
    expect(await other.get(GUID)).toBeUndefined();
  });

  it('are not read again while their file stays as it is', async () => {
    const root = newRoot();
    const store = createFilesystemGrantStore(root);
    await store.put(grant);
    expect(await store.get(GUID)).toBe(await store.get(GUID));
  });

  it.each([
    '{',
    '[]',
    'null',
    '{}',
    JSON.stringify({ ...grant, pack_guid: '9b2d1c34-1111-4222-8333-444455556666' }),
    JSON.stringify({ ...grant, permissions: { root: true } }),
    JSON.stringify({ ...grant, permissions: { ai: 'yes' } }),
    JSON.stringify({ ...grant, permissions: undefined }),
    JSON.stringify({ ...grant, content_digest: null }),
  ])('that are damaged (%s) grant nothing, and say so', async (text) => {
    const root = newRoot();
    const store = createFilesystemGrantStore(root);
    await store.put(grant);
    const path = join(root, 'grants', `${GUID}.json`);
    writeFileSync(path, text);
    await expect(store.get(GUID)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(path),
    });
    writeFileSync(path, JSON.stringify(grant));
    utimesSync(path, 1, 1);
    expect(await store.get(GUID)).toEqual(grant);
  });

  it('refuse a guid that is a path', async () => {
    const store = createFilesystemGrantStore(newRoot());
    for (const guid of ['../../etc', '..', '', GUID.toUpperCase()]) {
      await expect(store.get(guid)).rejects.toMatchObject({ code: 'invalid_request' });
      await expect(store.remove(guid)).rejects.toMatchObject({ code: 'invalid_request' });
      await expect(store.put({ ...grant, pack_guid: guid })).rejects.toMatchObject({ code: 'invalid_request' });
    }
  });
});
