// Failures that a worker reports, as errors of the contract.
import { ERRORS, type ErrorCode, type Json, PypesError } from '@pypes/contract';

type WorkerFailure = {
  readonly code: string;
  readonly message: string;
  readonly details: { readonly [key: string]: Json };
};

/** A failure in the worker's words. */
export function toFailure(answer: unknown): PypesError {
  const { code, message, details } = answer as WorkerFailure;
  return new PypesError(isErrorCode(code) ? code : 'handler_failed', message, { details });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
