// The operator's door to requests for approval: a list, one of them, and a decision.
import {
  type ApprovalStore,
  isJsonObject,
  type Json,
  type JsonObject,
  PypesError,
  toPypesError,
} from '@pypes/contract';
import { decideApproval, isExpired } from '@pypes/guard';
import { answerError, answerJson } from '../answers.ts';
import { readCredentials, type ServiceAuth } from '../auth.ts';
import { readJsonObject } from '../body.ts';

export const APPROVALS_PATH = '/api/v1/approvals';
const BODY_BYTES = 16_384;

/** Whether the address is one of this door's. */
export function isApprovalsPath(url: string): boolean {
  const at = url.indexOf('/', url.indexOf('//') + 2);
  return url.startsWith(APPROVALS_PATH, at);
}

/** Answers a request; never rejects. */
export async function answerApprovals(
  request: Request,
  { auth, approvals }: { readonly auth: ServiceAuth; readonly approvals: ApprovalStore | undefined },
): Promise<Response> {
  try {
    await checkOperator(request, auth);
    if (approvals === undefined) throw new PypesError('unsupported', 'Nobody can be asked for approval on this host');
    return answerJson(await route(request, approvals));
  } catch (error) {
    return answerError(toPypesError(error));
  }
}

/** Whoever can reach this machine's loopback interface could say yes to itself, so a token is asked for there too. */
async function checkOperator(request: Request, auth: ServiceAuth): Promise<void> {
  if (auth.operatorToken === undefined || auth.operatorToken === '') {
    throw new PypesError(
      'forbidden',
      'Approvals over HTTP need a token of the operator: set PYPES_TOKEN; pypes approvals works without one',
    );
  }
  (await readCredentials(request, { ...auth, required: true })).checkOperator();
}

async function route(request: Request, store: ApprovalStore): Promise<Json> {
  const [id, ...rest] = new URL(request.url).pathname.slice(APPROVALS_PATH.length).split('/').filter(Boolean);
  if (rest.length > 0) throw new PypesError('not_found', `There are ${APPROVALS_PATH} and ${APPROVALS_PATH}/{id}`);
  if (id === undefined) {
    checkMethod(request, 'GET');
    const now = Date.now();
    const all = (await store.list()).map((each) => ({ ...each, expired: isExpired(each, now) }));
    return { status: 'ok', approvals: all as unknown as Json };
  }
  if (request.method === 'GET') {
    const found = await store.get(id);
    if (found === undefined) throw new PypesError('not_found', `There is no request "${id}"`);
    return { status: 'ok', approval: found as unknown as Json };
  }
  checkMethod(request, 'POST');
  const { decision, comment } = await readDecision(request);
  const decided = await decideApproval(
    store,
    id,
    { decision, approver: 'operator', ...(comment === undefined ? {} : { comment }) },
    Date.now(),
  );
  return { status: 'ok', approval: decided as unknown as Json };
}

async function readDecision(
  request: Request,
): Promise<{ readonly decision: 'grant' | 'deny'; readonly comment?: string }> {
  const body: JsonObject = await readJsonObject(request, BODY_BYTES);
  const { decision, comment } = body;
  if (!isJsonObject(body) || (decision !== 'grant' && decision !== 'deny')) {
    throw new PypesError('invalid_request', 'The body has to say {"decision": "grant"} or {"decision": "deny"}');
  }
  if (comment !== undefined && typeof comment !== 'string') {
    throw new PypesError('invalid_request', 'The "comment" has to be a text');
  }
  return { decision, ...(comment === undefined ? {} : { comment }) };
}

function checkMethod(request: Request, wanted: string): void {
  if (request.method === wanted) return;
  throw new PypesError(
    'method_not_allowed',
    `${APPROVALS_PATH} does not take ${request.method} here, it takes ${wanted}`,
  );
}
