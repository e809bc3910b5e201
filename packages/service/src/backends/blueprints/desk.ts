// Approvals of a run: a person is waited for, since a run cannot be repeated without doing everything again.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Approval, ApprovalStore } from '@pypes/contract';
import { type Ask, createAsk } from '@pypes/guard';

const WAIT_MS = 15 * 60_000;
const LOOK_MS = 250;

/**
 * Asks, and waits as long as the request is worth something unless the policy says how long. Another process decides, so
 * there is nothing to wait on but the store. When `ended` aborts, nobody waits any more.
 */
export function createRunDesk(
  store: ApprovalStore,
  onRequest: (request: Approval) => void,
  ended: AbortSignal,
): (policyVersion: string) => Ask {
  async function wait(id: string, ms: number): Promise<void> {
    const end = performance.now() + ms;
    while (performance.now() < end) {
      await pause(Math.min(LOOK_MS, end - performance.now() + 1), undefined, { signal: ended });
      if ((await store.get(id))?.state !== 'pending') return;
    }
  }

  return (policyVersion) => {
    const ask = createAsk({ store, now: Date.now, newId: randomUUID, policyVersion, onRequest, wait });
    return (call, question) => ask(call, { waitMs: question.ttlMs ?? WAIT_MS, ...question });
  };
}
