// Time limits of many calls on one timer: nearly all calls end long before their limit, so a limit has to cost nothing.

/** A table of time limits. */
export interface Deadlines {
  /** Calls `expire` at most {@link GRAIN_MS} after `ms` milliseconds, unless the returned function is called before. */
  add(ms: number, expire: () => void): () => void;
}

/** How late a limit may be noticed, in milliseconds. */
export const GRAIN_MS = 20;

/** Limits are sorted into slots of {@link GRAIN_MS}; a timer walks the slots while there are any. */
export function createDeadlines(now: () => number = () => performance.now()): Deadlines {
  const slots = new Map<number, Set<() => void>>();
  let timer: ReturnType<typeof setInterval> | undefined;
  let walked = 0;

  function walk(): void {
    if (slots.size === 0) {
      clearInterval(timer);
      timer = undefined;
      return;
    }
    for (const due = Math.floor(now() / GRAIN_MS); walked < due; walked++) {
      const slot = slots.get(walked);
      if (slot === undefined) continue;
      slots.delete(walked);
      for (const expire of slot) expire();
    }
  }

  return {
    add(ms, expire) {
      const time = now();
      const place = Math.floor((time + ms) / GRAIN_MS);
      if (timer === undefined) {
        walked = Math.floor(time / GRAIN_MS);
        timer = setInterval(walk, GRAIN_MS);
      }
      // A function of its own, so that one given twice counts twice.
      const entry = () => expire();
      let slot = slots.get(place);
      if (slot === undefined) {
        slot = new Set();
        slots.set(place, slot);
      }
      slot.add(entry);
      const home = slot;
      return () => {
        home.delete(entry);
        if (home.size === 0 && slots.get(place) === home) slots.delete(place);
      };
    },
  };
}
