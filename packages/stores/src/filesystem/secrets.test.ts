// Sealed secrets on a disk: the shared suite, who may read them, and what is damaged.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modeOf, newRoot } from '../testing/roots.ts';
import { sealedSecret, testSecretStore } from '../testing/secrets.ts';
import { createFilesystemSecretStore } from './index.ts';

testSecretStore('filesystem', () => createFilesystemSecretStore(newRoot()));

const NAMELESS = JSON.stringify({ version: 1, secrets: [{ ...sealedSecret('A'), tenant: '' }] });

describe('secrets on a disk', () => {
  it('lie in one file that is its owner’s alone, and one that is not is closed and said', async () => {
    const root = newRoot();
    const path = join(root, 'vault/secrets.json');
    const exposed: [string, boolean][] = [];
    const store = createFilesystemSecretStore(root, { onExposed: (...what) => exposed.push(what) });
    await store.replace(() => [sealedSecret('A')]);
    expect([modeOf(path), modeOf(join(root, 'vault'))]).toEqual(['600', '700']);
    chmodSync(path, 0o644);
    await store.get('A');
    await store.get('A');
    expect([modeOf(path), exposed]).toEqual(['600', [[path, true]]]);
  });

  it.each(['', '{}', '{"version":1,"secrets":[{"name":"A"}]}', '{"version":1,"secrets":[null]}', NAMELESS])(
    'that are damaged (%j) are named and never overwritten',
    async (text) => {
      const root = newRoot();
      mkdirSync(join(root, 'vault'));
      const path = join(root, 'vault/secrets.json');
      writeFileSync(path, text, { mode: 0o600 });
      const store = createFilesystemSecretStore(root);
      await expect(store.list()).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining(path) });
      await expect(store.replace(() => [])).rejects.toMatchObject({ code: 'unavailable' });
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );
});
