// approve: calls that match go on only with a person's yes.
import type { Policy } from '@pypes/contract';
import type { Ask } from '../approvals/ask.ts';
import { compileMatch, type Match } from '../match/match.ts';

export type ApproveOptions = Match & {
  readonly reason?: string;
  readonly approvers?: readonly string[];
  readonly ttl_seconds?: number;
  readonly wait_seconds?: number;
};

/**
 * @example
 * approve({ to: 'send-mail', reason: 'It leaves the house' }, createAsk(desk));
 */
export function approve(options: ApproveOptions, ask: Ask): Policy {
  const { reason = 'a policy asks for it', approvers, ttl_seconds: ttl, wait_seconds: wait } = options;
  const matches = compileMatch(options);
  const question = {
    policy: 'approve',
    reason,
    ...(approvers === undefined ? {} : { approvers }),
    ...(ttl === undefined ? {} : { ttlMs: ttl * 1000 }),
    ...(wait === undefined ? {} : { waitMs: wait * 1000 }),
  };
  return async (call, next) => {
    if (matches(call)) await ask(call, question);
    return next(call);
  };
}
