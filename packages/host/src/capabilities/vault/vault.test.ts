// The vault: what was sealed comes back with the right key alone, under its own name alone, and a rotation is whole.
import { createHash } from 'node:crypto';
import type { SealedSecret } from '@pypes/contract';
import { createMemorySecretStore } from '@pypes/stores/memory';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createVaultKey, parseKeyMaterial } from './key.ts';
import { createVault } from './vault.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();
const KEY = digest('one').toString('base64');
const OTHER_KEY = digest('another').toString('hex');

/** A vault whose keys the test changes. */
function setup(...materials: string[]) {
  const store = createMemorySecretStore();
  const keys = { now: materials.length === 0 ? [KEY] : materials, asked: 0 };
  const vault = createVault({
    store,
    keys: {
      find: async () => {
        keys.asked += 1;
        return keys.now;
      },
    },
    now: () => 0,
  });
  const tamper = (change: (secret: SealedSecret) => Partial<SealedSecret>) =>
    store.replace((secrets) => secrets.map((secret) => ({ ...secret, ...change(secret) })));
  return { store, vault, keys, tamper };
}

describe('a secret', () => {
  it('comes back as it was, and is nowhere to be seen in the store', async () => {
    const { vault, store } = setup();
    const values = fc.string({ unit: 'grapheme', minLength: 6, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        await vault.set('KEY', 'api_key', value);
        expect(await vault.open('KEY')).toBe(value);
        expect(JSON.stringify(await store.list())).not.toContain(value);
      }),
      { numRuns: 30 },
    );
  });

  it('is sealed with another nonce each time', async () => {
    const { vault, store } = setup();
    const nonces = new Set<string | undefined>();
    for (let n = 0; n < 50; n++) {
      await vault.set('KEY', 'api_key', 'sesame42');
      nonces.add((await store.get('KEY'))?.nonce);
    }
    expect(nonces.size).toBe(50);
  });

  it('is listed without its value, and removed', async () => {
    const { vault } = setup();
    await vault.set('B', 'ssh', 'sesame42');
    await vault.set('A', 'api_key', 'sesame42');
    const [a, b] = await vault.list();
    expect(Object.keys(a ?? {}).sort()).toEqual(['created_at', 'key_id', 'name', 'type', 'updated_at']);
    expect([a?.name, b?.name, b?.type]).toEqual(['A', 'B', 'ssh']);
    expect([await vault.remove('A'), await vault.remove('A')]).toEqual([true, false]);
    await expect(vault.open('A')).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('what was tampered with', () => {
  const flip = (base64: string) => {
    const bytes = Buffer.from(base64, 'base64');
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    return bytes.toString('base64');
  };

  it.each<[string, (secret: SealedSecret) => Partial<SealedSecret>]>([
    ['ciphertext', ({ ciphertext }) => ({ ciphertext: flip(ciphertext) })],
    ['ciphertext, cut off', ({ ciphertext }) => ({ ciphertext: ciphertext.slice(0, 8) })],
    ['ciphertext, none', () => ({ ciphertext: '%' })],
    ['nonce', ({ nonce }) => ({ nonce: flip(nonce) })],
    ['nonce, short', () => ({ nonce: 'AAAA' })],
    ['type', () => ({ type: 'ssh' })],
  ])('%s is not opened', async (_what, change) => {
    const { vault, tamper } = setup();
    await vault.set('KEY', 'api_key', 'sesame42');
    await tamper(change);
    await expect(vault.open('KEY')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('a ciphertext under another name is not opened', async () => {
    const { vault, store } = setup();
    await vault.set('A', 'api_key', 'sesame of A');
    await vault.set('B', 'api_key', 'sesame of B');
    await store.replace(([a, b]) => [
      { ...(b as SealedSecret), name: 'A' },
      { ...(a as SealedSecret), name: 'B' },
    ]);
    for (const name of ['A', 'B']) await expect(vault.open(name)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('a key id that lies does not help', async () => {
    const { vault, keys, tamper } = setup();
    await vault.set('KEY', 'api_key', 'sesame42');
    const { id } = await createVaultKey(OTHER_KEY);
    await tamper(() => ({ key_id: id }));
    keys.now = [OTHER_KEY];
    await expect(vault.open('KEY')).rejects.toMatchObject({ code: 'unavailable' });
  });
});

describe('the wrong key', () => {
  it('is told from the right one by both ids, and destroys nothing', async () => {
    const { vault, keys, store } = setup();
    await vault.set('A', 'api_key', 'sesame42');
    const before = await store.list();
    const other = createVault({ store, keys: { find: async () => [OTHER_KEY] } });
    const ids = await Promise.all([KEY, OTHER_KEY].map(async (key) => (await createVaultKey(key)).id));
    for (const attempt of [
      () => other.open('A'),
      () => other.set('B', 'api_key', 'sesame42'),
      () => other.set('A', 'api_key', 'sesame42'),
      () => other.rotate(digest('third').toString('base64')),
    ]) {
      const failure = await attempt().catch((error: Error & { code: string }) => error);
      expect(failure).toMatchObject({ code: 'unavailable' });
      for (const id of ids) expect((failure as Error).message).toContain(id);
    }
    expect(await store.list()).toEqual(before);
    expect(keys.now).toEqual([KEY]);
  });

  it('does not come between: where another key sealed meanwhile, nothing is set', async () => {
    const { vault, store } = setup();
    await vault.set('A', 'api_key', 'sesame42');
    const replace = store.replace;
    const racing = createVault({
      keys: { find: async () => [KEY] },
      store: {
        ...store,
        replace: async (change) => {
          await replace((secrets) => secrets.map((secret) => ({ ...secret, key_id: 'another' })));
          await replace(change);
        },
      },
    });
    await expect(racing.set('B', 'api_key', 'sesame42')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await store.get('B')).toBeUndefined();
  });

  it('or none at all is said', async () => {
    const { vault, keys } = setup();
    keys.now = [];
    await expect(vault.set('A', 'api_key', 'sesame42')).rejects.toMatchObject({ code: 'unavailable' });
    keys.now = [KEY];
    await vault.set('A', 'api_key', 'sesame42');
  });

  it('is looked for once, not at each use', async () => {
    const { vault, keys } = setup();
    await vault.set('A', 'api_key', 'sesame42');
    for (let n = 0; n < 5; n++) await vault.open('A');
    expect(keys.asked).toBe(1);
  });
});

describe('a tenant', () => {
  it('has what was set for it, and no name of anybody else', async () => {
    const { vault } = setup();
    await vault.set('A', 'api_key', 'of the operator');
    await vault.set('A', 'api_key', 'of acme', 'acme');
    await vault.set('B', 'api_key', 'of globex', 'globex');
    expect([await vault.open('A'), await vault.of('acme').open('A')]).toEqual(['of the operator', 'of acme']);
    for (const [tenant, name] of [
      ['acme', 'B'],
      ['globex', 'A'],
      ['ACME', 'A'],
    ] as const) {
      await expect(vault.of(tenant).open(name)).rejects.toMatchObject({ code: 'not_found' });
    }
    await expect(vault.open('B')).rejects.toMatchObject({ code: 'not_found' });
    for (const wrong of ['', '../acme', 'a b']) {
      expect(() => vault.of(wrong)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    }
    expect((await vault.list()).map(({ name, tenant }) => [name, tenant])).toEqual([
      ['A', undefined],
      ['A', 'acme'],
      ['B', 'globex'],
    ]);
  });

  it('loses its own secret alone, and replaces its own alone', async () => {
    const { vault } = setup();
    await vault.set('A', 'api_key', 'of the operator');
    for (const tenant of ['acme', 'globex']) await vault.set('A', 'api_key', `of ${tenant}`, tenant);
    await vault.set('A', 'api_key', 'newer of acme', 'acme');
    expect([await vault.remove('A', 'globex'), await vault.remove('A', 'globex')]).toEqual([true, false]);
    expect([await vault.open('A'), await vault.of('acme').open('A')]).toEqual(['of the operator', 'newer of acme']);
    await vault.remove('A');
    expect(await vault.of('acme').open('A')).toBe('newer of acme');
  });

  it('opens nothing that was sealed for another, though somebody renames it in the store', async () => {
    const { vault, store, tamper } = setup();
    await vault.set('A', 'api_key', 'of acme', 'acme');
    await tamper(() => ({ tenant: 'globex' }));
    await expect(vault.of('globex').open('A')).rejects.toMatchObject({ code: 'unavailable' });
    await store.replace((secrets) => secrets.map(({ tenant: _, ...secret }) => secret));
    await expect(vault.open('A')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('gets nothing of another from a store that looks at names alone', async () => {
    const { vault, store, keys } = setup();
    await vault.set('A', 'api_key', 'of the operator');
    const careless = createVault({
      store: { ...store, get: async (name) => (await store.list()).find((secret) => secret.name === name) },
      keys: { find: async () => keys.now },
    });
    await expect(careless.of('acme').open('A')).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is part of a rotation, which leaves no secret of anybody behind', async () => {
    const { vault, keys } = setup();
    await vault.set('A', 'api_key', 'of the operator');
    for (const tenant of ['acme', 'globex']) await vault.set('A', 'api_key', `of ${tenant}`, tenant);
    expect(await vault.rotate(OTHER_KEY)).toMatchObject({ secrets: 3 });
    keys.now = [OTHER_KEY];
    expect([await vault.open('A'), await vault.of('acme').open('A'), await vault.of('globex').open('A')]).toEqual([
      'of the operator',
      'of acme',
      'of globex',
    ]);
  });
});

describe('a rotation', () => {
  it('seals everything anew, so that the key before opens nothing', async () => {
    const { vault, keys, store } = setup();
    for (const name of ['A', 'B', 'C']) await vault.set(name, 'api_key', `sesame of ${name}`);
    const before = await store.list();
    expect(await vault.rotate(OTHER_KEY)).toEqual({ secrets: 3, key_id: (await createVaultKey(OTHER_KEY)).id });
    const after = await store.list();
    expect(after.map(({ created_at }) => created_at)).toEqual(before.map(({ created_at }) => created_at));
    for (const { ciphertext } of before) expect(JSON.stringify(after)).not.toContain(ciphertext);
    await expect(vault.open('A')).rejects.toMatchObject({ code: 'unavailable' });
    const oldKey = await createVaultKey(KEY);
    for (const secret of after) expect(await oldKey.open(secret)).toBeUndefined();
    // The same vault goes on as soon as the key that it asks for is the new one.
    keys.now = [OTHER_KEY];
    for (const name of ['A', 'B', 'C']) expect(await vault.open(name)).toBe(`sesame of ${name}`);
  });

  it('works on while both keys are about', async () => {
    const { vault, keys } = setup();
    await vault.set('A', 'api_key', 'sesame42');
    keys.now = [KEY, OTHER_KEY];
    await vault.rotate(OTHER_KEY);
    expect(await vault.open('A')).toBe('sesame42');
    await vault.set('B', 'api_key', 'sesame43');
    expect(new Set((await vault.list()).map(({ key_id }) => key_id)).size).toBe(1);
  });

  it('does nothing where one secret cannot be opened, or where the vault is changed meanwhile', async () => {
    const { vault, store, tamper } = setup();
    await vault.set('A', 'api_key', 'sesame42');
    await vault.set('B', 'api_key', 'sesame42');
    const { replace } = store;
    const racing = createVault({
      keys: { find: async () => [KEY] },
      store: {
        ...store,
        replace: async (change) => {
          await replace((secrets) => secrets.slice(1));
          await replace(change);
        },
      },
    });
    await expect(racing.rotate(OTHER_KEY)).rejects.toMatchObject({ code: 'conflict' });
    expect(await vault.open('B')).toBe('sesame42');
    await tamper(({ name }) => (name === 'B' ? { nonce: 'AAAAAAAAAAAAAAAA' } : {}));
    await expect(vault.rotate(OTHER_KEY)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('to the key in use is refused', async () => {
    const { vault } = setup();
    await vault.set('A', 'api_key', 'sesame42');
    await expect(vault.rotate(KEY)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('what is refused', () => {
  it.each(['correct horse battery staple', '', 'AAAA', 'a'.repeat(44), '0'.repeat(64), 'x'.repeat(43)])(
    'the key %j',
    (material) => {
      const refuse = () => parseKeyMaterial(material);
      expect(refuse).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    },
  );

  it('never shows the key that was refused', () => {
    expect(() => parseKeyMaterial('my passphrase 42')).toThrow(/openssl rand -base64 32/);
    expect(() => parseKeyMaterial('my passphrase 42')).not.toThrow(/passphrase 42/);
  });

  it.each([KEY, KEY.replace(/=$/, ''), `${KEY}\n`, Buffer.from(KEY, 'base64').toString('hex').toUpperCase()])(
    'not the key %j, in whatever way it is written',
    async (material) => {
      expect((await createVaultKey(material)).id).toBe((await createVaultKey(KEY)).id);
      expect((await createVaultKey(material)).id).toMatch(/^[0-9a-f]{16}$/);
    },
  );

  it.each<[string, string, string]>([
    ['1A', 'api_key', 'sesame42'],
    ['a-b', 'api_key', 'sesame42'],
    ['', 'api_key', 'sesame42'],
    ['a'.repeat(65), 'api_key', 'sesame42'],
    ['A', 'password', 'sesame42'],
    ['A', 'api_key', '12345'],
    ['A', 'api_key', 'x'.repeat(65_537)],
    ['A', 'api_key', 'abcdef\ud800'],
    ['A', 'login', 'not JSON at all'],
    ['A', 'oauth', '["a", "b"]'],
    ['A', 'login', '{"username": "ann", "password": "1234"}'],
  ])('the secret %j of the type %j with the value %j', async (name, type, value) => {
    const { vault, store } = setup();
    const failure = vault.set(name, type as 'ssh', value);
    await expect(failure).rejects.toMatchObject({ code: 'invalid_request' });
    await failure.catch((error: Error) => expect(error.message).not.toContain(value.slice(0, 60)));
    expect(await store.list()).toEqual([]);
  });
});
