// One signal for all that can end a request early: the caller, the time limit, the egress that closes.
import { isPypesError, PypesError } from '@pypes/contract';

/** `signal` is aborted with a PypesError, whatever ended it. */
export type Deadline = { readonly signal: AbortSignal; end(): void };

export function createDeadline(signals: readonly AbortSignal[], timeoutMs: number): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(timeout(timeoutMs)), timeoutMs);
  const onAbort = (event: Event) => controller.abort(toReason((event.target as AbortSignal).reason));
  for (const signal of signals) {
    if (signal.aborted) controller.abort(toReason(signal.reason));
    else signal.addEventListener('abort', onAbort, { once: true });
  }
  return {
    signal: controller.signal,
    end() {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', onAbort);
    },
  };
}

function timeout(maximum: number): PypesError {
  return new PypesError('timeout', `The request took more than ${maximum} ms`, {
    details: { limit: 'fetch_ms', maximum },
  });
}

function toReason(reason: unknown): PypesError {
  return isPypesError(reason) ? reason : new PypesError('canceled', 'The request was canceled', { cause: reason });
}
