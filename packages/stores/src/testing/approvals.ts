// The shared suite of approval stores.
import type { Approval, ApprovalStore } from '@pypes/contract';
import { describe, expect, it } from 'vitest';

const KEY = 'a'.repeat(64);

const approval = (id: string, more: Partial<Approval> = {}): Approval => ({
  id,
  key: KEY,
  state: 'pending',
  tool: 'send-mail',
  from: 'http',
  pack_guid: '3f0e7a52-6a7c-4c0e-9d3e-0a4f5b6c7d8e',
  args: { to: 'a@example.com' },
  args_hash: 'b'.repeat(64),
  policy: 'approve',
  policy_version: 'c'.repeat(64),
  reason: 'It leaves the house',
  created_at: '2026-01-01T00:00:00.000Z',
  expires_at: '2026-01-01T00:15:00.000Z',
  ...more,
});

/** What every approval store does. `createStore` opens the same place again where there is one. */
export function testApprovalStore(name: string, createStore: () => ApprovalStore): void {
  describe(`${name} as an approval store`, () => {
    it('finds a request by its key and by its id, and lists the newest first', async () => {
      const store = createStore();
      const [one, two] = [
        approval('1'),
        approval('2', { key: 'd'.repeat(64), created_at: '2026-01-02T00:00:00.000Z' }),
      ];
      expect(await store.replace(undefined, one)).toBe(true);
      expect(await store.replace(undefined, two)).toBe(true);
      expect([await store.find(KEY), await store.get('2'), await store.get('3')]).toEqual([one, two, undefined]);
      expect((await store.list()).map(({ id }) => id)).toEqual(['2', '1']);
    });

    it('keeps one request for a key: the second that asks is told that there is one', async () => {
      const store = createStore();
      expect(await store.replace(undefined, approval('1'))).toBe(true);
      expect(await store.replace(undefined, approval('2'))).toBe(false);
      expect(await store.get('1')).toBeDefined();
    });

    it('spends a yes once, whoever is fastest', async () => {
      const store = createStore();
      const [pending, granted] = [approval('1'), approval('1', { state: 'granted', approver: 'ann' })];
      await store.replace(undefined, pending);
      await store.replace(pending, granted);
      const spent = await Promise.all(
        Array.from({ length: 8 }, () => store.replace(granted, { ...granted, state: 'used' })),
      );
      expect(spent.filter(Boolean)).toHaveLength(1);
      expect(await store.replace(pending, granted)).toBe(false);
    });

    it('takes a new request in the place of one that is spent', async () => {
      const store = createStore();
      const used = approval('1', { state: 'used' });
      await store.replace(undefined, used);
      expect(await store.replace(used, approval('2'))).toBe(true);
      expect([await store.get('1'), (await store.find(KEY))?.id]).toEqual([undefined, '2']);
    });
  });
}
