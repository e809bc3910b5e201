// Changes of one thing run one after another; those of different things side by side.

/** Runs changes in turn, by key. */
export type Queue = <T>(key: string, change: () => Promise<T>) => Promise<T>;

export function createQueue(): Queue {
  const last = new Map<string, Promise<unknown>>();
  return (key, change) => {
    const turn = (last.get(key) ?? Promise.resolve()).then(change, change);
    const settled: Promise<unknown> = turn.then(forget, forget);
    last.set(key, settled);
    return turn;

    function forget(): void {
      if (last.get(key) === settled) last.delete(key);
    }
  };
}
