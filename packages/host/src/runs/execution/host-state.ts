// What lies behind recorded answers: a working session, a memory document that was taken out. A worker that takes a run
// over answers from the record, and has none of it; before the first operation that needs it, it is made again.
import type { Call, Next } from '@pypes/contract';
import { chainOf } from './call-facts.ts';

const SESSION = 'context.session.';
const CHECKOUT = 'context.memory.checkout';
const COMMIT = 'context.memory.commit';

/** What would have to be done again. */
export interface HostState {
  /** The call was answered from the record. */
  answered(call: Call, next: Next): void;
  /** Before the call is performed. @throws what an operation that is done again throws */
  prepare(call: Call): Promise<void> | undefined;
}

export function createHostState(): HostState {
  /** By the chain of calls, or the call, that has the state. */
  const missing = new Map<unknown, (() => Promise<unknown>)[]>();

  function ownerOf(call: Call): unknown {
    if (call.to.startsWith(SESSION)) return chainOf(call);
    return call.to === CHECKOUT || call.to === COMMIT ? call.context : undefined;
  }

  async function doAgain(owner: unknown, operations: readonly (() => Promise<unknown>)[]): Promise<void> {
    missing.delete(owner);
    for (const operation of operations) await operation();
  }

  return {
    answered(call, next) {
      const owner = call.to === COMMIT ? undefined : ownerOf(call);
      if (owner === undefined) return;
      const operations = missing.get(owner) ?? [];
      operations.push(() => next(call));
      missing.set(owner, operations);
    },
    prepare(call) {
      if (missing.size === 0) return undefined;
      const owner = ownerOf(call);
      const operations = owner === undefined ? undefined : missing.get(owner);
      return operations === undefined ? undefined : doAgain(owner, operations);
    },
  };
}
