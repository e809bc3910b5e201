// How many programs run at once: the others wait, in the order in which they came.

/** Gives the place back; a second time does nothing. */
export type Release = () => void;

export type Slots = {
  /** Resolves when there is a place; rejects when the signal aborts before. */
  take(signal: AbortSignal): Promise<Release>;
  /** Resolves when nobody has a place. */
  drained(): Promise<void>;
};

export function createSlots(count: number): Slots {
  const waiting = new Set<() => void>();
  const drained: (() => void)[] = [];
  let taken = 0;

  function occupy(): Release {
    taken++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      taken--;
      const [next] = waiting;
      if (next !== undefined) next();
      else if (taken === 0) for (const resolve of drained.splice(0)) resolve();
    };
  }

  return {
    async take(signal) {
      signal.throwIfAborted();
      if (taken < count && waiting.size === 0) return occupy();
      return new Promise((resolve, reject) => {
        const onTurn = (): void => {
          leave();
          resolve(occupy());
        };
        const onAbort = (): void => {
          leave();
          reject(signal.reason);
        };
        const leave = (): void => {
          waiting.delete(onTurn);
          signal.removeEventListener('abort', onAbort);
        };
        waiting.add(onTurn);
        signal.addEventListener('abort', onAbort);
      });
    },
    drained: () => (taken === 0 ? Promise.resolve() : new Promise((resolve) => drained.push(resolve))),
  };
}
