// Answers of the wire: JSON, and one error envelope for every failure (spec 2).
import { httpStatus, type Json, type PypesError } from '@pypes/contract';

/** An answer as data: a back end sends it as it is, or makes a Response of it. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** A JSON answer. */
export function jsonAnswer(body: Json, status = 200): Answer {
  return { status, headers: JSON_HEADERS, body: JSON.stringify(body) };
}

/** The error envelope: `{status: "error", message, code, …details}`. */
export function errorAnswer(error: PypesError): Answer {
  const status = httpStatus(error.code, 'wire');
  // What details hold (the violations, the agents that exist, a trace) stands beside the message, as clients expect.
  const answer = jsonAnswer({ ...error.details, status: 'error', message: error.message, code: error.code }, status);
  const more = HEADERS_OF_ERRORS[error.code];
  return more === undefined ? answer : { ...answer, headers: { ...JSON_HEADERS, ...more } };
}

const SOON = { 'retry-after': '1' };
const HEADERS_OF_ERRORS: { readonly [code in PypesError['code']]?: Readonly<Record<string, string>> } = {
  unauthorized: { 'www-authenticate': 'Bearer' },
  rate_limited: SOON,
  unavailable: SOON,
  too_large: { connection: 'close' },
};

/** The Response of an answer. */
export function toResponse({ status, headers, body }: Answer): Response {
  return new Response(body, { status, headers });
}

/** Whether an answer is data; what comes bit by bit is a Response. */
export function isWhole(answer: Answer | Response): answer is Answer {
  return !('text' in answer);
}

/** A JSON answer as a Response. */
export function answerJson(body: Json, status = 200): Response {
  return toResponse(jsonAnswer(body, status));
}

/** The error envelope as a Response. */
export function answerError(error: PypesError): Response {
  return toResponse(errorAnswer(error));
}
