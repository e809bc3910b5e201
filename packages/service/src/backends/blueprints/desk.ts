// Approvals of a run: a person is waited for, since a run cannot be repeated without doing everything again.
import { randomUUID } from 'node:crypto';
import type { Approval, ApprovalStore } from '@pypes/contract';
import { type Ask, createAsk } from '@pypes/guard';
import { waitForDecision } from '../operator-policies.ts';

const WAIT_MS = 15 * 60_000;

/** Asks, and waits as long as the request is worth something unless the policy says how long. */
export function createRunDesk(
  store: ApprovalStore,
  onRequest: (request: Approval) => void,
): (policyVersion: string) => Ask {
  return (policyVersion) => {
    const ask = createAsk({
      store,
      now: Date.now,
      newId: randomUUID,
      policyVersion,
      onRequest,
      wait: (id, ms, call) => waitForDecision(store, id, ms, call),
    });
    return (call, question) => ask(call, { waitMs: question.ttlMs ?? WAIT_MS, ...question });
  };
}
