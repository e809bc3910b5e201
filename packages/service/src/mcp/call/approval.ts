// A call that waits for a person's yes, where the client has a person: the question, and what the answer means.
import { type InputRequests, inputRequired, inputResponse } from '@modelcontextprotocol/server';
import { type Approval, type ApprovalStore, isJsonObject, type JsonObject, type PypesError } from '@pypes/contract';
import { decideApproval } from '@pypes/guard';
import { toPlainText } from '../text.ts';

/** The key of the question. */
export const APPROVAL_KEY = 'approval';
/** Who an approval is written down to. */
const APPROVER = 'operator';
const MOST_ARGUMENTS = 2_000;

/** The id of the request for approval that a refused call waits for. */
export function approvalOf(error: PypesError): string | undefined {
  const approval = error.details?.approval;
  if (error.code !== 'approval_required' || !isJsonObject(approval)) return undefined;
  return typeof approval.id === 'string' ? approval.id : undefined;
}

/** The question, with everything that the yes would be for. */
export function askForApproval(approval: Approval): InputRequests {
  const args = toPlainText(JSON.stringify(approval.args), MOST_ARGUMENTS);
  const message = `"${toPlainText(approval.tool, 200)}" waits for your yes: ${toPlainText(approval.reason, 500)}. It would be called with ${args}`;
  const requestedSchema = {
    type: 'object' as const,
    properties: {
      decision: { type: 'string' as const, title: 'Decision', enum: ['grant', 'deny'] },
      comment: { type: 'string' as const, title: 'Comment' },
    },
    required: ['decision'],
  };
  return { [APPROVAL_KEY]: inputRequired.elicit({ message, requestedSchema }) };
}

/**
 * Writes the answer down. False where there was none: the question stands.
 *
 * @throws PypesError `not_found`, `conflict`, `forbidden`
 */
export async function settleApproval(
  store: ApprovalStore,
  id: string,
  answers: JsonObject,
  now: number,
): Promise<boolean> {
  const answer = inputResponse(answers as never, APPROVAL_KEY);
  if (answer.kind !== 'elicit' || answer.action === 'cancel') return false;
  const { decision, comment } = (answer.content ?? {}) as { readonly decision?: unknown; readonly comment?: unknown };
  if (answer.action === 'accept' && decision !== 'grant' && decision !== 'deny') return false;
  const said = typeof comment === 'string' && comment !== '' ? { comment: toPlainText(comment, 500) } : {};
  const granted = answer.action === 'accept' && decision === 'grant';
  await decideApproval(store, id, { decision: granted ? 'grant' : 'deny', approver: APPROVER, ...said }, now);
  return true;
}
