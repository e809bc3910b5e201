// Who wants to know when something of a run changes: called back after the change, once for many of one turn.

export interface Followers {
  /** Returns what ends it. */
  add(key: string, onChange: () => void): () => void;
  notify(key: string): void;
  /** How many things are followed. */
  readonly size: number;
}

export function createFollowers(): Followers {
  const byKey = new Map<string, Set<() => void>>();
  const told = new Set<string>();

  function tell(): void {
    const keys = [...told];
    told.clear();
    for (const key of keys) {
      // Each in a turn of its own: one that throws holds up nobody else.
      for (const onChange of byKey.get(key) ?? []) queueMicrotask(() => byKey.get(key)?.has(onChange) && onChange());
    }
  }

  return {
    add(key, onChange) {
      const mine = () => onChange();
      const all = byKey.get(key) ?? new Set();
      byKey.set(key, all.add(mine));
      return () => {
        all.delete(mine);
        if (all.size === 0 && byKey.get(key) === all) byKey.delete(key);
      };
    },
    notify(key) {
      if (!byKey.has(key)) return;
      if (told.size === 0) queueMicrotask(tell);
      told.add(key);
    },
    get size() {
      return byKey.size;
    },
  };
}
