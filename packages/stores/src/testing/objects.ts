// The shared suite of the object stores: every driver passes the same tests.
import type { ObjectStore } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, GUID, NO_TENANTS, OTHER, TENANTS, textOf, USERS } from './suites.ts';

const SCOPE = { packGuid: GUID, userGuid: USERS[0] };
const HELLO = 'sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';

const object = (name: string, text: string, contentType = 'text/plain') => ({
  name,
  contentType,
  bytes: bytesOf(text),
});

/** What every object store does. */
export function testObjectStore(name: string, createStore: () => ObjectStore): void {
  describe(`${name} as an object store`, () => {
    it('keeps bytes under a name, with their type, size and digest', async () => {
      const store = createStore();
      const info = { name: 'a', content_type: 'text/plain', size: 5, digest: HELLO };
      expect(await store.put(SCOPE, object('a', 'hello'))).toEqual(info);
      expect(await store.get(SCOPE, 'a')).toEqual({ info, bytes: bytesOf('hello') });
      expect(await store.list(SCOPE)).toEqual([info]);
      expect(await store.get(SCOPE, 'b')).toBeUndefined();
    });

    it('replaces an object and its type', async () => {
      const store = createStore();
      await store.put(SCOPE, object('a', 'one'));
      await store.put(SCOPE, object('a', '', 'image/png'));
      expect(await store.get(SCOPE, 'a')).toMatchObject({ info: { content_type: 'image/png', size: 0 } });
      expect(await store.list(SCOPE)).toHaveLength(1);
    });

    it('gives any part of the bytes', async () => {
      const store = createStore();
      await store.put(SCOPE, object('a', '0123456789'));
      const range = fc.record({ start: fc.nat(15), end: fc.nat(15) }, { requiredKeys: [] });
      await fc.assert(
        fc.asyncProperty(range, async (chosen) => {
          const found = await store.get(SCOPE, 'a', chosen);
          expect(textOf(found?.bytes ?? new Uint8Array())).toBe('0123456789'.slice(chosen.start ?? 0, chosen.end));
          expect(found?.info.size).toBe(10);
        }),
        { numRuns: 50 },
      );
    });

    it('lists what begins with a prefix, sorted', async () => {
      const store = createStore();
      for (const name of ['b/2', 'a', 'b/1', 'B', 'ä', 'b']) await store.put(SCOPE, object(name, name));
      const names = async (prefix?: string) => (await store.list(SCOPE, prefix)).map((info) => info.name);
      expect(await names()).toEqual(['B', 'a', 'b', 'b/1', 'b/2', 'ä']);
      expect(await names('b/')).toEqual(['b/1', 'b/2']);
      expect(await names('x')).toEqual([]);
    });

    it('deletes one name and leaves another with the same bytes', async () => {
      const store = createStore();
      await store.put(SCOPE, object('a', 'same'));
      await store.put(SCOPE, object('b', 'same'));
      expect(await store.delete(SCOPE, 'a')).toBe(true);
      expect(await store.delete(SCOPE, 'a')).toBe(false);
      expect(await store.get(SCOPE, 'a')).toBeUndefined();
      expect(textOf((await store.get(SCOPE, 'b'))?.bytes ?? new Uint8Array())).toBe('same');
      expect(await store.delete({ packGuid: OTHER }, 'a')).toBe(false);
    });

    it('keeps packs and users apart, whatever a user calls themselves', async () => {
      const store = createStore();
      const users = [
        undefined,
        ...USERS,
        'shared',
        '../../etc',
        'a/b',
        '',
        '.',
        'A',
        'a',
        'x'.repeat(5_000),
        '__proto__',
      ];
      const scopes = [
        ...users.map((userGuid) => ({ packGuid: GUID, ...(userGuid === undefined ? {} : { userGuid }) })),
        { packGuid: OTHER },
      ];
      await Promise.all(scopes.map((scope, index) => store.put(scope, object('n', String(index)))));
      const read = await Promise.all(
        scopes.map(async (scope) => textOf((await store.get(scope, 'n'))?.bytes as never)),
      );
      expect(read).toEqual(scopes.map((_, index) => String(index)));
      await store.removePack(GUID);
      expect(await Promise.all(scopes.map(async (scope) => (await store.list(scope)).length))).toEqual([
        ...users.map(() => 0),
        1,
      ]);
    });

    it('keeps tenants apart: what one puts another neither gets, lists, deletes nor counts', async () => {
      const store = createStore();
      const users = [undefined, USERS[0], 'tenants', 'acme', '../acme'];
      const scopes = [undefined, ...TENANTS].flatMap((tenant) =>
        users.map((userGuid) => ({
          packGuid: GUID,
          ...(tenant === undefined ? {} : { tenant }),
          ...(userGuid === undefined ? {} : { userGuid }),
        })),
      );
      for (const [index, scope] of scopes.entries()) {
        expect([await store.get(scope, 'n'), await store.list(scope), await store.delete(scope, 'n')]).toEqual([
          undefined,
          [],
          false,
        ]);
        await store.put(scope, object('n', String(index)));
      }
      const read = await Promise.all(
        scopes.map(async (scope) => textOf((await store.get(scope, 'n'))?.bytes as never)),
      );
      expect(read).toEqual(scopes.map((_, index) => String(index)));
      await store.put({ packGuid: OTHER, tenant: 'acme' }, object('n', 'kept'));
      await store.removePack(GUID);
      for (const scope of scopes) expect(await store.list(scope)).toEqual([]);
      expect(await store.list({ packGuid: OTHER, tenant: 'acme' })).toHaveLength(1);
    });

    it('keeps the bytes of one tenant when another deletes the same ones', async () => {
      const store = createStore();
      const [one, two] = [
        { packGuid: GUID, tenant: 'one' },
        { packGuid: GUID, tenant: 'two' },
      ];
      await Promise.all([one, two].map((scope) => store.put(scope, object('n', 'the same'))));
      await store.delete(one, 'n');
      expect(textOf((await store.get(two, 'n'))?.bytes as never)).toBe('the same');
    });

    it('refuses what is no name of a tenant', async () => {
      const store = createStore();
      await store.put({ packGuid: GUID }, object('n', 'mine'));
      for (const tenant of NO_TENANTS) {
        const scope = { packGuid: GUID, tenant };
        for (const attempt of [
          () => store.put(scope, object('n', 'x')),
          () => store.get(scope, 'n'),
          () => store.list(scope),
          () => store.delete(scope, 'n'),
        ]) {
          await expect((async () => attempt())()).rejects.toMatchObject({ code: 'invalid_request' });
        }
      }
      expect(textOf((await store.get({ packGuid: GUID }, 'n'))?.bytes as never)).toBe('mine');
    });

    it('takes any text as a name but an empty, an endless or an unprintable one', async () => {
      const store = createStore();
      const good = ['../../etc/passwd', '/', '..', '__proto__', 'a\\b', 'x'.repeat(256), 'index.json', '😀', ' '];
      for (const name of good) await store.put(SCOPE, object(name, name));
      expect((await store.list(SCOPE)).map((info) => info.name)).toEqual([...good].sort());
      for (const name of good) expect(textOf((await store.get(SCOPE, name))?.bytes as never)).toBe(name);
      for (const name of ['', 'x'.repeat(257), 'a\0', 'a\nb', '\u0085', '\u007f', '\ud800']) {
        await expect(store.put(SCOPE, object(name, 'x'))).rejects.toMatchObject({ code: 'invalid_input' });
        expect(await store.get(SCOPE, name)).toBeUndefined();
      }
    });

    it('loses none of many changes at once', async () => {
      const store = createStore();
      const names = Array.from({ length: 40 }, (_, index) => `n${index}`);
      await Promise.all(names.map((name) => store.put(SCOPE, object(name, name.slice(0, 2)))));
      await Promise.all(names.slice(0, 20).map((name) => store.delete(SCOPE, name)));
      expect((await store.list(SCOPE)).map((info) => info.name)).toEqual(names.slice(20).sort());
      for (const name of names.slice(20)) {
        expect(textOf((await store.get(SCOPE, name))?.bytes as never)).toBe(name.slice(0, 2));
      }
    });

    it('shows a reader one version or the other while it is replaced', async () => {
      const store = createStore();
      await store.put(SCOPE, object('a', 'x'.repeat(1_000)));
      const writes = Promise.all(['y', 'z', 'x', 'y'].map((mark) => store.put(SCOPE, object('a', mark.repeat(1_000)))));
      for (let reads = 0; reads < 50; reads++) {
        const text = textOf((await store.get(SCOPE, 'a'))?.bytes ?? new Uint8Array());
        expect([text.length, new Set(text).size]).toEqual([1_000, 1]);
      }
      await writes;
    });

    it('is not changed by what callers do with their bytes', async () => {
      const store = createStore();
      const bytes = bytesOf('mine');
      const putting = store.put(SCOPE, { name: 'a', contentType: 'text/plain', bytes });
      bytes.fill(0);
      await putting;
      (await store.get(SCOPE, 'a'))?.bytes.fill(1);
      expect(textOf((await store.get(SCOPE, 'a'))?.bytes as never)).toBe('mine');
    });
  });
}
