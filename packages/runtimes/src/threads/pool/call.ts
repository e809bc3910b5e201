// One call on its way through the pool, and the errors that the host itself gives it.
import { type AgentContext, type Json, PypesError } from '@pypes/contract';
import { type Bridge, createBridge } from '../../bridge.ts';
import type { Payload } from './payload.ts';

export type PoolCall = {
  readonly context: AgentContext;
  readonly args: Payload;
  readonly resolve: (value: Json) => void;
  readonly reject: (error: PypesError) => void;
  /** Its caller has an answer: whatever the thread still says about it is ignored. */
  settled: boolean;
  bridge?: Bridge;
};

export function settleCall(call: PoolCall, error: PypesError): void {
  if (call.settled) return;
  call.settled = true;
  call.reject(error);
}

/** A guest that was broken into must not take the host with it: what is no JSON is no result. */
export function settleWithText(call: PoolCall, text: string): void {
  try {
    call.resolve(JSON.parse(text) as Json);
  } catch {
    call.reject(new PypesError('invalid_output', 'The result is no JSON'));
  }
}

export function bridgeOf(call: PoolCall): Bridge {
  call.bridge ??= createBridge(call.context);
  return call.bridge;
}
