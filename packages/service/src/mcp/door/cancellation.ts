// How a call of a session is canceled: most calls end before anybody asks for a signal, which is dear to make.

/** One call's. */
export interface Cancellation {
  readonly canceled: boolean;
  cancel(reason?: unknown): void;
  /** The signal, made when it is first asked for. */
  readonly signal: () => AbortSignal;
}

export function createCancellation(): Cancellation {
  let controller: AbortController | undefined;
  let canceled = false;
  let why: unknown;
  return {
    get canceled() {
      return canceled;
    },
    cancel(reason) {
      if (canceled) return;
      canceled = true;
      why = reason;
      controller?.abort(reason);
    },
    signal() {
      if (controller !== undefined) return controller.signal;
      controller = new AbortController();
      if (canceled) controller.abort(why);
      return controller.signal;
    },
  };
}
