// Takes the host's messages one by one, in their order, so that one call's promises settle before the next call starts.
import { TO_THREAD } from '../wire/messages.ts';
import type { GuestCall } from './call.ts';

export type InboxActions = {
  /** The fields of the call begin at `at`. Returns the call where its result is a promise. */
  start(batch: readonly unknown[], at: number): GuestCall | undefined;
  abort(number: number, ping: number): void;
  ping(ping: number): void;
  settle(fulfilled: boolean, request: number, text: string): void;
};

/**
 * How many turns of the microtask queue an asynchronous call gets before the next one starts: enough for a result that
 * waits for nothing, so that it has left before a next call that may never give way.
 */
const TURNS = 16;

/** Returns the receiver of batches (wire/messages.ts). */
export function createInbox(actions: InboxActions): (batch: readonly unknown[]) => void {
  const batches: (readonly unknown[])[] = [];
  let at = 0;
  let taking = false;

  /** Acts on the message at `at`; returns the call to be waited for. */
  function takeOne(batch: readonly unknown[]): GuestCall | undefined {
    const start = at;
    switch (batch[start]) {
      case TO_THREAD.call:
        at += 8;
        return actions.start(batch, start + 1);
      case TO_THREAD.abort:
        at += 3;
        actions.abort(batch[start + 1] as number, batch[start + 2] as number);
        return undefined;
      case TO_THREAD.ping:
        at += 2;
        actions.ping(batch[start + 1] as number);
        return undefined;
      default:
        at += 3;
        actions.settle(batch[start] === TO_THREAD.answer, batch[start + 1] as number, batch[start + 2] as string);
        return undefined;
    }
  }

  async function take(): Promise<void> {
    taking = true;
    for (let batch = batches[0]; batch !== undefined; batch = batches[0]) {
      while (at < batch.length) {
        const call = takeOne(batch);
        for (let turn = 0; call?.ended === false && turn < TURNS; turn++) await undefined;
      }
      batches.shift();
      at = 0;
    }
    taking = false;
  }

  return (batch) => {
    batches.push(batch);
    if (!taking) void take();
  };
}
