// Failures that a worker reports, and the ends of calls that the host decides, as errors of the contract.
import { ERRORS, type ErrorCode, isPypesError, type Json, PypesError } from '@pypes/contract';

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

/** Why a call whose signal is aborted has ended: the host's own reason where it gave one. */
export function toAbortError(signal: AbortSignal): PypesError {
  const reason: unknown = signal.reason;
  if (isPypesError(reason)) return reason;
  if (reason instanceof Error && reason.name === 'TimeoutError') {
    return new PypesError('timeout', 'The call ran past its time limit and was stopped', { cause: reason });
  }
  return new PypesError('canceled', 'The call was canceled', { cause: reason });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
