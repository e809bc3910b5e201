// The shared suites of the stores: every driver passes the same tests.
import type { MemoryStore, PackManifest, PackStore } from '@pypes/contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

export const GUID = '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e';
export const OTHER = '9b2d1c34-1111-4222-8333-444455556666';
export const USERS = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const;

/** Names that a disk, a case-blind comparison or a path could take for each other, or for something else. */
export const TENANTS = [
  'acme',
  'Acme',
  'ACME',
  '.',
  '..',
  '...',
  '.acme',
  'acme.',
  '_',
  '-',
  'a_b',
  'a.b',
  'A.b',
  'shared',
  'tenants',
  'con',
  'memory.json',
  USERS[0],
  'x'.repeat(64),
  'X'.repeat(64),
];
/** What is no name of a tenant: a store refuses it, and never takes it for none. */
export const NO_TENANTS = ['', ' ', 'a/b', '../b', 'a\\b', 'a\0', 'ä', 'a b', 'x'.repeat(65), '%2e', 'a\n', 'a:b'];

export const manifestOf = (name: string, guid = GUID): PackManifest => ({
  schema: 'pack/1.0',
  pack_guid: guid,
  name,
  created_at: '2026-01-01T00:00:00.000Z',
});
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** What every pack store does. */
export function testPackStore(name: string, createStore: () => PackStore): void {
  describe(`${name} as a pack store`, () => {
    it('keeps a pack whole, bytes and unknown manifest keys included', async () => {
      const store = createStore();
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
      const manifest = { ...manifestOf('one'), extra: { deep: [1, 'x'] } };
      await store.put(GUID, { manifest, files: [{ filename: 'a.bin', bytes }] });
      const pack = await store.get(GUID);
      expect(pack?.manifest).toEqual(manifest);
      expect(pack?.files).toEqual([{ filename: 'a.bin', bytes }]);
    });

    it('replaces the whole pack and gives it a new revision', async () => {
      const store = createStore();
      await store.put(GUID, { manifest: manifestOf('one'), files: [{ filename: 'a.py', bytes: bytesOf('1') }] });
      const before = await store.get(GUID);
      await store.put(GUID, { manifest: manifestOf('two'), files: [{ filename: 'b.py', bytes: bytesOf('2') }] });
      const after = await store.get(GUID);
      expect(after?.files.map((file) => file.filename)).toEqual(['b.py']);
      expect(after?.manifest.name).toBe('two');
      expect(after?.revision).not.toBe(before?.revision);
    });

    it('lists packs sorted by guid, and forgets removed ones', async () => {
      const store = createStore();
      await store.put(OTHER, { manifest: manifestOf('other', OTHER), files: [] });
      await store.put(GUID, { manifest: manifestOf('one'), files: [] });
      expect((await store.list()).map((manifest) => manifest.pack_guid)).toEqual([GUID, OTHER]);
      expect(await store.remove(GUID)).toBe(true);
      expect(await store.remove(GUID)).toBe(false);
      expect(await store.get(GUID)).toBeUndefined();
      expect((await store.list()).map((manifest) => manifest.pack_guid)).toEqual([OTHER]);
    });

    it('shows readers one version or the other while it is replaced', async () => {
      const store = createStore();
      const put = (mark: string) =>
        store.put(GUID, {
          manifest: manifestOf(mark),
          files: ['a.py', 'b.py', 'c.py'].map((filename) => ({ filename, bytes: bytesOf(mark) })),
        });
      await put('0');
      const writes = Promise.all(Array.from({ length: 20 }, (_, index) => put(String(index + 1))));
      for (let reads = 0; reads < 20; reads++) {
        const pack = await store.get(GUID);
        const marks = new Set([pack?.manifest.name, ...(pack?.files.map((file) => textOf(file.bytes)) ?? [])]);
        expect(marks.size).toBe(1);
      }
      await writes;
      expect((await store.get(GUID))?.manifest.name).toBe('20');
    });
  });
}

/** What every memory store does. */
export function testMemoryStore(name: string, createStore: () => MemoryStore): void {
  describe(`${name} as a memory store`, () => {
    it('keeps documents apart by pack and user', async () => {
      const store = createStore();
      const scopes = [
        { packGuid: GUID },
        ...USERS.map((userGuid) => ({ packGuid: GUID, userGuid })),
        { packGuid: OTHER },
      ];
      await Promise.all(scopes.map((scope, index) => store.update(scope, () => ({ index }))));
      const read = await Promise.all(scopes.map((scope) => store.read(scope)));
      expect(read).toEqual(scopes.map((_, index) => ({ index })));
    });

    it('keeps the memory of tenants apart, whatever they are called, and from calls without one', async () => {
      const store = createStore();
      const tenants = [undefined, ...TENANTS];
      const scopes = [{}, { userGuid: USERS[0] }].flatMap((user) =>
        tenants.map((tenant) => ({ packGuid: GUID, ...user, ...(tenant === undefined ? {} : { tenant }) })),
      );
      for (const [index, scope] of scopes.entries()) {
        expect(await store.read(scope)).toEqual({});
        await store.update(scope, () => ({ index }));
      }
      expect(await Promise.all(scopes.map((scope) => store.read(scope)))).toEqual(
        scopes.map((_, index) => ({ index })),
      );
    });

    it('refuses what is no name of a tenant, and takes it for nobody else', async () => {
      const store = createStore();
      await store.update({ packGuid: GUID }, () => ({ mine: 1 }));
      for (const tenant of NO_TENANTS) {
        const scope = { packGuid: GUID, tenant };
        await expect((async () => store.read(scope))()).rejects.toMatchObject({ code: 'invalid_request' });
        const update = (async () => store.update(scope, () => ({ theirs: 1 })))();
        await expect(update).rejects.toMatchObject({ code: 'invalid_request' });
      }
      expect(await store.read({ packGuid: GUID })).toEqual({ mine: 1 });
    });

    it('loses no update of many at once', async () => {
      const store = createStore();
      const scope = { packGuid: GUID, userGuid: USERS[0] };
      const add = (index: number) => store.update(scope, (document) => ({ ...document, [`k${index}`]: index }));
      await Promise.all(Array.from({ length: 200 }, (_, index) => add(index)));
      expect(Object.keys(await store.read(scope))).toHaveLength(200);
    });

    it('fails an update that throws, and no other', async () => {
      const store = createStore();
      const scope = { packGuid: GUID };
      const [first, second, third] = await Promise.allSettled([
        store.update(scope, (document) => ({ ...document, a: 1 })),
        store.update(scope, () => {
          throw new Error('no');
        }),
        store.update(scope, (document) => ({ ...document, b: 2 })),
      ]);
      expect([first?.status, second?.status, third?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await store.read(scope)).toEqual({ a: 1, b: 2 });
    });

    it('gives back any document as it was', async () => {
      const store = createStore();
      await fc.assert(
        fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (value) => {
          const document = JSON.parse(JSON.stringify(value)) as Record<string, never>;
          await store.update({ packGuid: GUID }, () => document);
          expect(await store.read({ packGuid: GUID })).toEqual(document);
        }),
        { numRuns: 30 },
      );
    });

    it('forgets the memory of one pack', async () => {
      const store = createStore();
      await store.update({ packGuid: GUID, userGuid: USERS[0] }, () => ({ a: 1 }));
      await store.update({ packGuid: OTHER }, () => ({ b: 2 }));
      await store.update({ packGuid: OTHER, tenant: 'acme' }, () => ({ b: 3 }));
      for (const tenant of TENANTS) await store.update({ packGuid: GUID, tenant }, () => ({ a: 1 }));
      await store.removePack(GUID);
      expect(await store.read({ packGuid: GUID, userGuid: USERS[0] })).toEqual({});
      for (const tenant of TENANTS) expect(await store.read({ packGuid: GUID, tenant })).toEqual({});
      expect(await store.read({ packGuid: OTHER, tenant: 'acme' })).toEqual({ b: 3 });
      expect(await store.read({ packGuid: OTHER })).toEqual({ b: 2 });
    });
  });
}
