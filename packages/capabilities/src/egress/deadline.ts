// One signal for all that can end a request early: the caller, the time limit, the egress that closes.
import { isPypesError, PypesError } from '@pypes/contract';

/** `signal` is aborted with a PypesError, whatever ended it. */
export type Deadline = { readonly signal: AbortSignal; end(): void };

/** @param limit what the limit is called in the details of the error */
export function createDeadline(signals: readonly AbortSignal[], timeoutMs: number, limit = 'fetch_ms'): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(timeout(limit, timeoutMs)), timeoutMs);
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

/** The promise, or the signal's reason as soon as there is one: what cannot be stopped is at least not waited for. */
export function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function timeout(limit: string, maximum: number): PypesError {
  return new PypesError('timeout', `It took more than ${maximum} ms`, { details: { limit, maximum } });
}

function toReason(reason: unknown): PypesError {
  return isPypesError(reason) ? reason : new PypesError('canceled', 'It was canceled', { cause: reason });
}
