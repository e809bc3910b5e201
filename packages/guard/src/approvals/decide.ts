// A person decides about a request, once, while it is open.
import { type Approval, type ApprovalStore, PypesError } from '@pypes/contract';

/** A decision: who says what. */
export type PersonsDecision = {
  readonly decision: 'grant' | 'deny';
  readonly approver: string;
  readonly comment?: string;
};

/**
 * Decides a request.
 *
 * @throws PypesError `not_found`; `conflict` where it was decided or has expired; `forbidden` for who may not
 */
export async function decideApproval(
  store: ApprovalStore,
  id: string,
  { decision, approver, comment }: PersonsDecision,
  now: number,
): Promise<Approval> {
  const request = await store.get(id);
  if (request === undefined)
    throw new PypesError('not_found', `There is no request "${id}"; pypes approvals lists them`);
  if (request.approvers !== undefined && !request.approvers.includes(approver)) {
    throw new PypesError('forbidden', `"${approver}" may not decide this; ${request.approvers.join(' or ')} may`);
  }
  if (request.state !== 'pending') {
    throw new PypesError('conflict', `The request was ${request.state} by ${request.approver ?? 'somebody'} already`);
  }
  if (isExpired(request, now)) {
    throw new PypesError('conflict', `The request expired at ${request.expires_at}; the call has to be made again`);
  }
  const decided: Approval = {
    ...request,
    state: decision === 'grant' ? 'granted' : 'denied',
    approver,
    decided_at: new Date(now).toISOString(),
    ...(comment === undefined ? {} : { comment }),
  };
  if (await store.replace(request, decided)) return decided;
  throw new PypesError('conflict', 'The request was decided a moment ago');
}

/** Whether a request, or the yes that it got, is too old. */
export function isExpired({ expires_at: expires }: Approval, now: number): boolean {
  return now >= Date.parse(expires);
}
