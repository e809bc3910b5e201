// Answers of the wire: JSON, and one error envelope for every failure (spec 2).
import { httpStatus, type Json, type PypesError } from '@pypes/contract';

const JSON_HEADERS = { 'content-type': 'application/json; charset=utf-8' };

/** A JSON answer. */
export function answerJson(body: Json, status = 200): Response {
  return new Response(JSON.stringify(body), { status, headers: JSON_HEADERS });
}

/** The error envelope: `{status: "error", message, code, …details}`. */
export function answerError(error: PypesError): Response {
  const status = httpStatus(error.code, 'wire');
  // What details hold (the violations, the agents that exist, a trace) stands beside the message, as clients expect.
  const response = answerJson({ ...error.details, status: 'error', message: error.message, code: error.code }, status);
  if (error.code === 'unauthorized') response.headers.set('www-authenticate', 'Bearer');
  if (error.code === 'rate_limited' || error.code === 'unavailable') response.headers.set('retry-after', '1');
  if (error.code === 'too_large') response.headers.set('connection', 'close');
  return response;
}
