// What the policies decided about a call, told from what they wrote down and from how the call ended.
import { type Decision, type DecisionNote, type ErrorCode, isPypesError } from '@pypes/contract';

/**
 * A decision. `code` says why a call was stopped, or how the agent failed that was let run; `policy` and `reason` are
 * those of the policy that decided.
 */
export type Verdict = {
  readonly decision: Decision;
  readonly code?: ErrorCode | 'internal';
  readonly policy?: string;
  readonly reason?: string;
};

/**
 * `failure` is what the guard threw, `agentFailure` what the agent did. A policy that masks an agent's error does not
 * stop the call; one that puts an error of its own in its place does.
 */
export function judge(
  notes: readonly DecisionNote[],
  failure: { readonly error: unknown } | undefined,
  agentFailure: { readonly error: unknown } | undefined,
): Verdict {
  const code = failure && codeOf(failure.error);
  if (failure === undefined || (agentFailure !== undefined && codeOf(agentFailure.error) === code)) {
    return passed(notes, code);
  }
  const decision = code === 'approval_required' ? 'defer' : 'deny';
  const said = notes.findLast((note) => note.decision === decision);
  const policy = said?.policy ?? policyOf(failure.error);
  return {
    decision,
    ...(code === undefined ? {} : { code }),
    ...(policy === undefined ? {} : { policy }),
    reason: said?.reason ?? messageOf(failure.error),
  };
}

/** With a person's yes, changed, or as it was. */
function passed(notes: readonly DecisionNote[], code: Verdict['code']): Verdict {
  const said =
    notes.find(({ decision }) => decision === 'approve') ?? notes.find(({ decision }) => decision === 'modify');
  return {
    decision: said?.decision ?? 'allow',
    ...(code === undefined ? {} : { code }),
    ...(said === undefined ? {} : { policy: said.policy }),
    ...(said?.reason === undefined ? {} : { reason: said.reason }),
  };
}

function codeOf(error: unknown): ErrorCode | 'internal' {
  return isPypesError(error) ? error.code : 'internal';
}

function policyOf(error: unknown): string | undefined {
  const policy = isPypesError(error) ? error.details?.policy : undefined;
  return typeof policy === 'string' ? policy : undefined;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
