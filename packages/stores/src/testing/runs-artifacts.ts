// The shared suite of artifact stores.
import type { ArtifactStore } from '@pypes/contract/runs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, textOf } from './suites.ts';

const RUN = { tenant: 'acme', run_id: 'run-000001' };
const fileOf = (text: string, mediaType = 'text/plain') => ({ bytes: bytesOf(text), mediaType });

/** What every artifact store does. */
export function testArtifactStore(name: string, createStore: () => ArtifactStore | Promise<ArtifactStore>): void {
  describe(`${name} as an artifact store`, () => {
    it('keeps files with their size, digest and type, and replaces them', async () => {
      const store = await createStore();
      await store.put(RUN, 'files/a.txt', fileOf('old'));
      await store.put(RUN, 'files/a.txt', fileOf('hello', 'text/markdown; charset=utf-8'));
      const entry = {
        path: 'files/a.txt',
        bytes: 5,
        digest: 'sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
        media_type: 'text/markdown; charset=utf-8',
      };
      const found = await store.get(RUN, 'files/a.txt');
      expect([found?.entry, textOf(found?.bytes ?? new Uint8Array())]).toEqual([entry, 'hello']);
      expect(await store.list(RUN)).toEqual([entry]);
      expect(await store.get(RUN, 'files/b.txt')).toBeUndefined();
      await store.close();
    });

    it('gives any part of a file', async () => {
      const store = await createStore();
      await store.put(RUN, 'files/a.txt', fileOf('0123456789'));
      const part = async (start: number, end: number) =>
        textOf((await store.get(RUN, 'files/a.txt', { start, end }))?.bytes ?? new Uint8Array());
      expect(await Promise.all([part(0, 3), part(4, 5), part(8, 99), part(10, 12), part(5, 5), part(7, 2)])).toEqual([
        '012',
        '4',
        '89',
        '',
        '',
        '',
      ]);
      expect((await store.get(RUN, 'files/a.txt', { start: 2, end: 4 }))?.entry.bytes).toBe(10);
      await store.close();
    });

    it('keeps runs and tenants apart, and lists by path', async () => {
      const store = await createStore();
      const refs = [RUN, { ...RUN, tenant: '' }, { ...RUN, tenant: 'other' }, { ...RUN, run_id: 'run-000002' }];
      await Promise.all(refs.map((ref, index) => store.put(ref, `files/${index}`, fileOf(String(index)))));
      for (const [index, ref] of refs.entries()) {
        expect((await store.list(ref)).map(({ path }) => path)).toEqual([`files/${index}`]);
        expect(await store.get(ref, `files/${(index + 1) % refs.length}`)).toBeUndefined();
      }
      for (const path of ['files/b', 'eval/gate.json', 'files/a/z', 'files/a.b'])
        await store.put(RUN, path, fileOf(path));
      expect((await store.list(RUN)).map(({ path }) => path)).toEqual([
        'eval/gate.json',
        'files/0',
        'files/a.b',
        'files/a/z',
        'files/b',
      ]);
      expect(await store.list({ tenant: 'none', run_id: 'run-1' })).toEqual([]);
      await store.close();
    });

    it('refuses paths that lead elsewhere', async () => {
      const store = await createStore();
      for (const path of [
        '',
        '/',
        '/etc/x',
        '..',
        '../x',
        'a/../x',
        'a//b',
        'a/',
        './a',
        'a\\b',
        'a\u0000',
        '\ud800',
        'x'.repeat(2_000),
      ]) {
        await expect(store.put(RUN, path, fileOf('x'))).rejects.toMatchObject({ code: 'invalid_request' });
        expect(await store.get(RUN, path)).toBeUndefined();
      }
      const badType = store.put(RUN, 'files/a', { bytes: new Uint8Array(), mediaType: 'text/plain\r\nx: y' });
      await expect(badType).rejects.toMatchObject({ code: 'invalid_request' });
      expect(await store.list(RUN)).toEqual([]);
      await store.close();
    });

    it('keeps any file under any path that is one', async () => {
      const store = await createStore();
      const part = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter(isPart);
      const paths = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
      let number = 0;
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(paths, { maxLength: 5 }), fc.uint8Array(), async (all, bytes) => {
          const ref = { tenant: '', run_id: `run-${++number}` };
          for (const path of all) await store.put(ref, path, { bytes, mediaType: 'x/y' });
          expect((await store.list(ref)).map(({ path }) => path)).toEqual([...all].sort((a, b) => (a < b ? -1 : 1)));
          for (const path of all) expect((await store.get(ref, path))?.bytes).toEqual(new Uint8Array(bytes));
        }),
        { numRuns: 30 },
      );
      await store.close();
    });

    it('keeps names apart that some systems take for one, and names that are reserved on some', async () => {
      const store = await createStore();
      const paths = [
        'files/A',
        'files/a',
        'files/a.',
        'files/con',
        'files/NUL.txt',
        'files/e\u0301',
        'files/\u00e9',
        `files/${'ü'.repeat(400)}`,
        'files/a/b',
      ];
      for (const path of paths) await store.put(RUN, path, fileOf(path));
      for (const path of paths) expect(textOf((await store.get(RUN, path))?.bytes ?? new Uint8Array())).toBe(path);
      expect(await store.list(RUN)).toHaveLength(paths.length);
      await store.close();
    });
  });
}

function isPart(part: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return part !== '.' && part !== '..' && part.isWellFormed() && !/[/\\\u0000-\u001f\u007f-\u009f]/.test(part);
}
