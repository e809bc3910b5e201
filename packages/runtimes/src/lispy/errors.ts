// LisPy's errors as the contract's.
import { isPypesError, type Json, type Limits, PypesError, toPypesError } from '@pypes/contract';
import { LispyError } from '@pypes/lispy';

/** Why a file could not be loaded. */
export function toAgentBroken(error: unknown, path: string): PypesError {
  if (!(error instanceof LispyError)) return toPypesError(error);
  return new PypesError('agent_broken', error.text, {
    cause: error,
    details: { file: path, ...placeOf(error) },
  });
}

/** Why a call failed: a limit, an abort, a value that is no JSON, or the program's own error. */
export function toCallError(error: unknown, limits: Limits): PypesError {
  if (!(error instanceof LispyError)) return toPypesError(error);
  if (error.code === 'aborted' && isPypesError(error.cause)) return error.cause;
  // What an agent that it called failed with is its cause: the failure of this call is its own.
  const cause = isPypesError(error.cause) ? { cause: error.cause.code } : {};
  const details = { ...placeOf(error), ...cause, lispy_code: error.code, trace: error.message };
  if (error.code === 'aborted') return new PypesError('canceled', 'The call was stopped');
  if (error.code === 'not-json' || error.code === 'cycle')
    return new PypesError('invalid_output', error.text, { details });
  if (error.code === 'limit') {
    return new PypesError('resource_exhausted', error.message, {
      details: { ...details, ...limitOf(error, limits) },
    });
  }
  return new PypesError('handler_failed', error.message, { details, cause: error });
}

/** Limits that every language has carry the same name in each; LisPy's own keep theirs. */
function limitOf({ limit }: LispyError, limits: Limits): { readonly [key: string]: Json } {
  if (limit === 'memory') return { limit: 'guest_bytes', maximum: limits.guestBytes };
  if (limit === 'cpu') return { limit: 'cpu_ms', maximum: limits.cpuMs };
  return { limit: limit ?? 'limit' };
}

function placeOf(error: LispyError): { readonly line?: number; readonly column?: number } {
  return {
    ...(error.line === undefined ? {} : { line: error.line }),
    ...(error.column === undefined ? {} : { column: error.column }),
  };
}
