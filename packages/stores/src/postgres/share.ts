// Reads that wait for the database at the same time and ask the same are asked once: a run may have thousands of readers.

/**
 * At most `lanes` reads are under way. One that has not been sent may be shared, one that was sent may not: whoever asks
 * after a change was answered sees it.
 */
export function createSharedReads(lanes: number): <T>(key: string, read: () => Promise<T>) => Promise<T> {
  const waiting = new Map<string, { readonly answer: Promise<unknown>; readonly send: () => Promise<void> }>();
  let underWay = 0;
  let isAwake = false;

  function start(): void {
    isAwake = false;
    for (const [key, { send }] of waiting) {
      if (underWay === lanes) return;
      waiting.delete(key);
      underWay++;
      void send().finally(() => {
        underWay--;
        start();
      });
    }
  }

  return <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const same = waiting.get(key);
    if (same !== undefined) return same.answer as Promise<T>;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    waiting.set(key, { answer: promise, send: () => read().then(resolve, reject) });
    // Whoever asks in this turn shares.
    if (!isAwake) queueMicrotask(start);
    isAwake = true;
    return promise;
  };
}
