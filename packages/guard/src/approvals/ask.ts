// Asks a person before a call goes on: one request for each call and its repeats, one call for each yes.
import { type Approval, type ApprovalStore, type Call, PypesError } from '@pypes/contract';
import { note } from '../trail.ts';
import { isExpired } from './decide.ts';
import { bind, toRequest } from './request.ts';

/** What asking runs on. */
export type ApprovalDesk = {
  readonly store: ApprovalStore;
  readonly now: () => number;
  readonly newId: () => string;
  /** Changes whenever a policy changes: a yes under other policies is none. */
  readonly policyVersion: string;
  /** A request was made. */
  readonly onRequest?: (request: Approval) => void;
  /** Resolves when a request may have been decided, or after `ms`. Absent: nobody is waited for. */
  readonly wait?: (id: string, ms: number, call: Call) => Promise<void>;
};

/** What is asked. */
export type Question = {
  readonly policy: string;
  readonly reason: string;
  readonly approvers?: readonly string[];
  /** How long the request, and the yes that it gets, are worth something. */
  readonly ttlMs?: number;
  /** How long the call waits for a person before it is deferred. */
  readonly waitMs?: number;
};

/** Asks; returns when the call may go on. */
export type Ask = (call: Call, question: Question) => Promise<void>;

const TTL_MS = 15 * 60_000;
const TRIES = 8;

/**
 * Makes a desk ask. A call without a yes is refused with `approval_required` and details
 * `{policy, approval: {id, expires_at}}`; made again after the yes, it goes on and spends it. A denied call stays denied
 * until the request expires. A call that was performed before, whose run only looks its answer up, needs no second yes.
 */
export function createAsk(desk: ApprovalDesk): Ask {
  return async (call, question) => {
    const { policy, reason, approvers, ttlMs = TTL_MS, waitMs = 0 } = question;
    const bound = await bind(call, { policy, policyVersion: desk.policyVersion });
    const deadline = desk.now() + waitMs;
    for (let tries = 0; ; tries++) {
      const known = await desk.store.find(bound.key);
      if (known?.state === 'used' && call.recorded === true) {
        note(
          call,
          policy,
          'approve',
          `${known.approver ?? 'somebody'} said yes to ${known.id}, before it was performed`,
        );
        return;
      }
      const open = known !== undefined && known.state !== 'used' && !isExpired(known, desk.now()) ? known : undefined;
      if (open?.state === 'granted') {
        if (await desk.store.replace(open, { ...open, state: 'used' })) {
          note(call, policy, 'approve', `${open.approver ?? 'somebody'} said yes to ${open.id}`);
          return;
        }
        // Another call of the same kind was faster: it has spent this yes.
        if (tries < TRIES) continue;
      }
      if (open?.state === 'denied') {
        const said = `${open.approver ?? 'Somebody'} said no${open.comment === undefined ? '' : `: ${open.comment}`}`;
        note(call, policy, 'deny', said);
        throw new PypesError('policy_denied', said, {
          details: { policy, approval: { id: open.id, state: 'denied' } },
        });
      }
      let request = open;
      if (request === undefined) {
        request = toRequest(call, bound, {
          policy,
          policyVersion: desk.policyVersion,
          reason,
          ...(approvers === undefined ? {} : { approvers }),
          ttlMs,
          now: desk.now,
          newId: desk.newId,
        });
        // Another call of the same kind may have asked a moment ago: then its request is this one's.
        if (!(await desk.store.replace(known, request))) continue;
        desk.onRequest?.(request);
      }
      const left = deadline - desk.now();
      if (desk.wait !== undefined && left > 0) {
        await desk.wait(request.id, left, call);
        continue;
      }
      note(call, policy, 'defer', reason);
      throw new PypesError(
        'approval_required',
        `"${call.to}" needs a person's yes: ${reason}. Request ${request.id}; make the same call again once it is granted`,
        { details: { policy, approval: { id: request.id, state: 'pending', expires_at: request.expires_at } } },
      );
    }
  };
}
