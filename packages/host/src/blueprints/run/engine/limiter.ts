// How many calls of a run are under way at once: the rest waits in the order in which it came.

/** Does work within a bound. */
export type Limiter = <T>(work: () => Promise<T>) => Promise<T>;

/** A bound of `most`, at least one. */
export function createLimiter(most: number): Limiter {
  const waiting: (() => void)[] = [];
  let running = 0;

  function leave(): void {
    const next = waiting.shift();
    // The place goes to the next one; nobody who comes in between can take it.
    if (next === undefined) running -= 1;
    else next();
  }

  return async (work) => {
    if (running < most) running += 1;
    else await new Promise<void>((enter) => waiting.push(enter));
    try {
      return await work();
    } finally {
      leave();
    }
  };
}

/** One result for each item, in their order; at most `most` are made at once. The first failure ends it. */
export async function mapBounded<T, R>(
  items: readonly T[],
  most: number,
  make: (item: T, index: number) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  let failed = false;
  const work = async () => {
    while (next < items.length && !failed) {
      const index = next++;
      try {
        results[index] = await make(items[index] as T, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const workers = Array.from({ length: Math.min(most, items.length) }, work);
  // What still runs has to end before anybody is told.
  const [first] = (await Promise.allSettled(workers)).filter((worker) => worker.status === 'rejected');
  if (first !== undefined) throw first.reason;
  return results;
}
