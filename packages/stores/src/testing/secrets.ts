// The shared suites of the secret stores and the grant stores.
import type { Grant, GrantStore, SealedSecret, SecretStore } from '@pypes/contract';
import { describe, expect, it } from 'vitest';
import { GUID, OTHER, TENANTS } from './suites.ts';

export const sealedSecret = (name: string, key_id = 'k'): SealedSecret => ({
  name,
  type: 'api_key',
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
  key_id,
  nonce: 'AAAAAAAAAAAAAAAA',
  ciphertext: 'AAAA',
});

/** What every secret store does. */
export function testSecretStore(name: string, createStore: () => SecretStore): void {
  describe(`${name} as a secret store`, () => {
    it('keeps secrets, by name', async () => {
      const store = createStore();
      expect(await store.list()).toEqual([]);
      await store.replace((secrets) => [...secrets, sealedSecret('A'), sealedSecret('B')]);
      await store.replace((secrets) => secrets.filter((secret) => secret.name !== 'A'));
      expect(await store.list()).toEqual([sealedSecret('B')]);
      expect(await store.get('B')).toEqual(sealedSecret('B'));
      for (const other of ['A', '__proto__', 'constructor', '']) expect(await store.get(other)).toBeUndefined();
    });

    it('finds the secret of a tenant for that tenant alone', async () => {
      const store = createStore();
      const ours = { ...sealedSecret('KEY'), ciphertext: 'ours' };
      await store.replace(() => [ours]);
      for (const tenant of TENANTS) expect(await store.get('KEY', tenant)).toBeUndefined();
      const theirs = TENANTS.map((tenant) => ({ ...sealedSecret('KEY'), tenant, ciphertext: tenant }));
      await store.replace((secrets) => [...secrets, ...theirs]);
      for (const secret of theirs) expect(await store.get('KEY', secret.tenant)).toEqual(secret);
      expect(await store.get('KEY')).toEqual(ours);
      expect(await store.list()).toHaveLength(TENANTS.length + 1);
      await store.replace((secrets) => secrets.filter(({ tenant }) => tenant !== undefined));
      expect(await store.get('KEY')).toBeUndefined();
    });

    it('loses none of many changes at once, and nothing by one that throws', async () => {
      const store = createStore();
      const add = (index: number) => store.replace((secrets) => [...secrets, sealedSecret(`S${index}`)]);
      const failing = store.replace(() => {
        throw new Error('no');
      });
      await Promise.all([
        ...Array.from({ length: 30 }, (_, index) => add(index)),
        expect(failing).rejects.toThrow('no'),
      ]);
      expect(await store.list()).toHaveLength(30);
    });
  });
}

/** What every grant store does. */
export function testGrantStore(name: string, createStore: () => GrantStore): void {
  const grant = (more: Partial<Grant> = {}): Grant => ({
    pack_guid: GUID,
    permissions: { network: ['api.example.com:443'], ai: true },
    granted_at: '2026-01-01T00:00:00.000Z',
    ...more,
  });

  describe(`${name} as a grant store`, () => {
    it('keeps one grant for each pack, and forgets it', async () => {
      const store = createStore();
      expect(await store.get(GUID)).toBeUndefined();
      await store.put(grant());
      await store.put(grant({ pack_guid: OTHER, content_digest: `sha256:${'0'.repeat(64)}` }));
      expect(await store.get(GUID)).toEqual(grant());
      await store.put(grant({ permissions: { vault: ['KEY'] } }));
      expect((await store.get(GUID))?.permissions).toEqual({ vault: ['KEY'] });
      expect((await store.get(OTHER))?.content_digest).toBe(`sha256:${'0'.repeat(64)}`);
      expect([await store.remove(GUID), await store.remove(GUID)]).toEqual([true, false]);
      expect(await store.get(GUID)).toBeUndefined();
      expect(await store.get(OTHER)).toBeDefined();
    });
  });
}
