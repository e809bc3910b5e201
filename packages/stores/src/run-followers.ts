// Who wants to know when something of a run changes: called back after the change, once for many of one turn.
import type { RunLines } from '@pypes/contract/runs';

/** Without lines: whoever is called has to look. */
export type OnChange = (added?: RunLines) => void;

export interface Followers {
  /** Returns what ends it. */
  add(key: string, onChange: OnChange): () => void;
  /** `added` where it is known that these lines are all that came. */
  notify(key: string, added?: RunLines): void;
  /** How many things are followed. */
  readonly size: number;
}

export function createFollowers(): Followers {
  const byKey = new Map<string, Set<OnChange>>();
  const told = new Map<string, RunLines | undefined>();

  function tell(): void {
    const news = [...told];
    told.clear();
    for (const [key, added] of news) {
      for (const onChange of byKey.get(key) ?? []) {
        // Each in a turn of its own: one that throws holds up nobody else.
        queueMicrotask(() => byKey.get(key)?.has(onChange) && onChange(added));
      }
    }
  }

  return {
    add(key, onChange) {
      const mine: OnChange = (added) => onChange(added);
      const all = byKey.get(key) ?? new Set();
      byKey.set(key, all.add(mine));
      return () => {
        all.delete(mine);
        if (all.size === 0 && byKey.get(key) === all) byKey.delete(key);
      };
    },
    notify(key, added) {
      if (!byKey.has(key)) return;
      if (told.size === 0) queueMicrotask(tell);
      told.set(key, told.has(key) ? joined(told.get(key), added) : added);
    },
    get size() {
      return byKey.size;
    },
  };
}

/** Undefined where one of them is, or lines between them are missing. */
function joined(one: RunLines | undefined, next: RunLines | undefined): RunLines | undefined {
  if (one === undefined || next === undefined || next.first !== one.first + one.lines.length) return undefined;
  return { first: one.first, lines: [...one.lines, ...next.lines] };
}
