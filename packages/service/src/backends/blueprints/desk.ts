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
  const wait = (id: string, ms: number) => waitFor(store, id, ms, ended);

  return (policyVersion) => {
    const ask = createAsk({ store, now: Date.now, newId: randomUUID, policyVersion, onRequest, wait });
    return (call, question) => ask(call, { waitMs: question.ttlMs ?? WAIT_MS, ...question });
  };
}

/** Waits for a decision on a request that another desk made: true where there is one. */
export function createWaiting(
  store: ApprovalStore,
  onRequest: (request: Approval) => void,
): (id: string, signal: AbortSignal) => Promise<boolean> {
  return async (id, signal) => {
    const request = await store.get(id);
    if (request?.state !== 'pending') return request?.state === 'granted';
    onRequest(request);
    await waitFor(store, id, Date.parse(request.expires_at) - Date.now(), signal);
    const state = (await store.get(id))?.state;
    return state === 'granted' || state === 'denied';
  };
}

async function waitFor(store: ApprovalStore, id: string, ms: number, signal: AbortSignal): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    await pause(Math.min(LOOK_MS, end - performance.now() + 1), undefined, { signal });
    if ((await store.get(id))?.state !== 'pending') return;
  }
}
