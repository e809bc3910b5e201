// Answers of `/v1`: JSON, and one envelope for every failure with a status that the route documents (spec 5, errors).
import { ERRORS, type ErrorCode, PypesError } from '@pypes/contract';
import { type RunsRoute, runsStatus } from '@pypes/contract/runs';

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

/** A failure whose status says more than its code does: 415, 416. */
export class Refusal extends PypesError {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };

  constructor(status: number, message: string, headers: { readonly [name: string]: string } = {}) {
    super('invalid_request', message);
    this.status = status;
    this.headers = headers;
  }
}

/** A JSON answer. */
export function answerJson(body: unknown, status = 200, headers: { readonly [name: string]: string } = {}): Response {
  return answerText(JSON.stringify(body), status, headers);
}

/** A JSON answer whose text is there already. */
export function answerText(json: string, status = 200, headers: { readonly [name: string]: string } = {}): Response {
  return new Response(json, { status, headers: { ...JSON_HEADERS, ...headers } });
}

/** The envelope. Where the route does not document a status, its class stands: 400 or 500. */
export function answerFailure(error: PypesError, route?: RunsRoute): Response {
  const status = documented(error instanceof Refusal ? error.status : runsStatus(error.code), route);
  const { code, message, details } = error;
  const envelope = {
    type: code,
    message,
    ...(details === undefined ? {} : { details }),
    retryable: ERRORS[code].retryable,
    source: sourceOf(code),
  };
  const response = answerJson({ error: envelope }, status, error instanceof Refusal ? error.headers : {});
  if (status === 401) response.headers.set('www-authenticate', 'Bearer');
  if (status === 405) response.headers.set('allow', String(details?.allowed ?? ''));
  if (status === 429 || status === 503) response.headers.set('retry-after', retryAfterOf(details));
  if (status === 413) response.headers.set('connection', 'close');
  return response;
}

/** The status that {@link answerFailure} gives. */
function documented(status: number, route: RunsRoute | undefined): number {
  if (route === undefined || Object.hasOwn(route.answers, status)) return status;
  return status < 500 ? 400 : 500;
}

function retryAfterOf(details: PypesError['details']): string {
  const seconds = details?.retry_after;
  return typeof seconds === 'number' && seconds >= 0 ? String(Math.ceil(seconds)) : '1';
}

function sourceOf(code: ErrorCode): string {
  if (code === 'policy_denied' || code === 'approval_required') return 'policy';
  return ERRORS[code].class === 'pack_bug' ? 'agent' : 'service';
}
