// A call as the policies of a blueprint see it: by the names of the blueprint.
import type { Call, Next, Policy, Reply } from '@pypes/contract';
import type { AgentCall } from '../../../calls/call.ts';
import type { Party } from '../../graph/coverage.ts';

/**
 * What lies behind the policies sees the call as it was. A policy that waits for a person does not hold up a run that
 * has been stopped, and its yes comes too late then.
 */
export async function viewed(call: Call, from: Party, to: string, policy: Policy, next: Next): Promise<Reply> {
  const name = from.function === undefined ? from.component : `${from.component}.${from.function}`;
  const signal = signalOf(call);
  const passing = policy({ ...call, from: name, to }, async (passed) => {
    signal?.throwIfAborted();
    return next({ ...passed, from: call.from, to: call.to });
  });
  if (signal === undefined) return passing;
  let stop: () => void = () => undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([passing, stopped]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function signalOf(call: Call): AbortSignal | undefined {
  const { signal } = call.kind === 'agent' ? (call as AgentCall).frame : {};
  return typeof signal === 'function' ? signal() : signal;
}
