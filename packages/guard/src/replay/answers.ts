// Asks nobody: a question that a person answered then is answered the same way again, any other one is left open.
import { type Call, type DecisionNote, PypesError } from '@pypes/contract';
import type { Ask } from '../approvals/ask.ts';
import { note } from '../trail.ts';
import type { RecordedCall } from './recorded-call.ts';

/** `recordOf` finds the record of a call. Each yes is spent once, as it was then. */
export function createReplayAsk(recordOf: (call: Call) => RecordedCall): Ask {
  const spent = new WeakSet<DecisionNote>();
  return async (call, { policy, reason }) => {
    const { policies, said_no: saidNo } = recordOf(call);
    const yes = policies.find((said) => said.policy === policy && said.decision === 'approve' && !spent.has(said));
    if (yes !== undefined) {
      spent.add(yes);
      note(call, policy, 'approve', yes.reason);
      return;
    }
    if (saidNo === policy) {
      const said = policies.findLast((each) => each.policy === policy)?.reason ?? 'A person said no';
      note(call, policy, 'deny', said);
      throw new PypesError('policy_denied', said, { details: { policy } });
    }
    note(call, policy, 'defer', reason);
    throw new PypesError('approval_required', `"${call.to}" would need a person's yes: ${reason}`, {
      details: { policy },
    });
  };
}
