// Failures that a worker reports, as errors of the contract.
import { ERRORS, type ErrorCode, type Json, PypesError } from '@pypes/contract';

type WorkerFailure = {
  readonly code: string;
  readonly message: string;
  readonly details: { readonly [key: string]: Json };
};

/** A failure in the worker's words. */
export function toFailure(answer: unknown): PypesError {
  // A worker that an agent has taken over may say anything.
  const { code, message, details } = (answer ?? {}) as Partial<WorkerFailure>;
  const isDetails = typeof details === 'object' && details !== null && !Array.isArray(details);
  return new PypesError(isErrorCode(code) ? code : 'handler_failed', String(message), isDetails ? { details } : {});
}

function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(ERRORS, code);
}
