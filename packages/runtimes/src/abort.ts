// Why a call was stopped, said alike by every runtime.
import { isPypesError, PypesError } from '@pypes/contract';

/** Why a call whose signal is aborted has ended: the host's own reason where it gave one. */
export function toAbortError(signal: AbortSignal): PypesError {
  const reason: unknown = signal.reason;
  if (isPypesError(reason)) return reason;
  if (reason instanceof Error && reason.name === 'TimeoutError') {
    return new PypesError('timeout', 'The call ran past its time limit and was stopped', { cause: reason });
  }
  return new PypesError('canceled', 'The call was canceled', { cause: reason });
}
