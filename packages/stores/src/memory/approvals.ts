// Requests for approval that live as long as the process.
import type { Approval, ApprovalStore } from '@pypes/contract';

/** One request for each key. */
export function createMemoryApprovalStore(): ApprovalStore {
  const byKey = new Map<string, Approval>();
  return {
    get: async (id) => [...byKey.values()].find((each) => each.id === id),
    find: async (key) => byKey.get(key),
    list: async () => [...byKey.values()].sort((a, b) => (a.created_at < b.created_at ? 1 : -1)),
    async replace(before, after) {
      const now = byKey.get(after.key);
      if (now?.id !== before?.id || now?.state !== before?.state) return false;
      byKey.set(after.key, after);
      return true;
    },
  };
}
