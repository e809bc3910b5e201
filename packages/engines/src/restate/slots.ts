// Places for what may happen at the same time: who waits longest gets the next one.

export type Slots = {
  /** Whether there was a place within the time; whoever got one gives it back with `free`. */
  readonly take: (withinMs: number, signal: AbortSignal) => Promise<boolean>;
  readonly free: () => void;
  readonly isFull: () => boolean;
};

export function createSlots(count: number): Slots {
  const waiting = new Set<(got: boolean) => void>();
  let left = count;

  return {
    take(withinMs, signal) {
      if (left > 0) {
        left -= 1;
        return Promise.resolve(true);
      }
      if (withinMs <= 0 || signal.aborted) return Promise.resolve(false);
      return new Promise((settle) => {
        const end = (got: boolean): void => {
          clearTimeout(timer);
          waiting.delete(end);
          signal.removeEventListener('abort', giveUp);
          settle(got);
        };
        const giveUp = (): void => end(false);
        const timer = setTimeout(giveUp, withinMs);
        signal.addEventListener('abort', giveUp, { once: true });
        waiting.add(end);
      });
    },
    free() {
      const [next] = waiting;
      if (next === undefined) left += 1;
      else next(true);
    },
    isFull: () => left === 0,
  };
}
