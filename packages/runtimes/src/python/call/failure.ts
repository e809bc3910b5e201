// Failures that a worker reports, as errors of the contract.
import { ERRORS, type ErrorCode, isJsonObject, type Json, PypesError } from '@pypes/contract';

/** A failure in the worker's words. */
export function toFailure(answer: unknown): PypesError {
  // A worker that an agent has taken over may say anything.
  const { code, message, details } = (answer ?? {}) as { readonly [name: string]: Json | undefined };
  const text = typeof message === 'string' ? message : 'The agent failed, and its process gave no reason';
  return new PypesError(isErrorCode(code) ? code : 'handler_failed', text, isJsonObject(details) ? { details } : {});
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code);
}
