// What lies around every call of a chain, for a durable run: one policy outside of the guard, one behind it.
import type { Call, Policy } from '@pypes/contract';
import type { AgentCall, CapabilityCall } from './call.ts';

/** Two policies over every call of an agent and every use of a capability, nested ones too. */
export type CallAround = {
  /** Before anything was decided: sees what is asked for, and what the guard made of it. */
  readonly outer: Policy;
  /** Behind all policies, before the agent runs or the operation is performed: may answer from a record. */
  readonly inner: Policy;
};

/** What lies around a call; undefined where nothing does. */
export function aroundOf(call: Call): CallAround | undefined {
  return call.kind === 'agent' ? (call as AgentCall).frame.around : (call as CapabilityCall).around;
}
