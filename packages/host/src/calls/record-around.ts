// Records what the operator's policies get to see and what they decide, where an operator wants calls recorded.
import type { Call, Policy } from '@pypes/contract';
import { type CalleeLabels, createTap, type TapOptions } from '@pypes/guard';
import type { AgentCall, CapabilityCall } from './call.ts';

/** Where recorded calls go; they hold no secret that their chain of calls has opened. */
export type HostRecording = Pick<TapOptions, 'write' | 'onError'>;

/** The policies, between the two that record. */
export function recordAround({
  policies,
  recording,
  about,
  now,
}: {
  readonly policies: readonly Policy[];
  readonly recording?: HostRecording;
  readonly about: (call: Call) => CalleeLabels | undefined;
  readonly now: () => number;
}): readonly Policy[] {
  if (recording === undefined) return policies;
  const { outer, inner } = createTap({
    ...recording,
    now,
    about: (call) => {
      const chain = call.kind === 'agent' ? (call as AgentCall).frame.chain : (call as CapabilityCall).chain;
      return { callee: about(call), ...(chain === undefined ? {} : { hide: (value) => chain.json(value) }) };
    },
  });
  return [outer, ...policies, inner];
}
