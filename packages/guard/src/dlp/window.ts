// What earlier calls of a run ended with, so that what was split over calls is seen: bounded for each run, and in runs.
import type { Json } from '@pypes/contract';
import { joinTexts, type Tail, tailOfJoined } from './joined.ts';
import { textsOf } from './walk.ts';

/** The ends of the earlier values of one run. */
export interface Window {
  /** What a field of this kind begins with, from earlier values. */
  tailOf(name: string): Tail | undefined;
  /** Adds a value that was let through, as it was let through. */
  remember(value: Json): void;
}

/** The windows of many runs. */
export interface Windows {
  of(run: string): Window;
  /** How many runs are remembered now. */
  readonly size: number;
}

/** What windows may take: `runs` at once, each for `idleMs` after its last call, and `names` of fields in each. */
export type WindowOptions = {
  readonly now: () => number;
  readonly runs?: number;
  readonly idleMs?: number;
  readonly names?: number;
};

const MOST_RUNS = 4096;
const IDLE_MS = 3_600_000;
const MOST_NAMES = 32;

/**
 * Windows for runs; the run that was quiet for longest goes first. One window holds at most `names` times 256
 * characters.
 *
 * @example
 * const windows = createWindows({ now: Date.now });
 * scanner.scan(value, windows.of(call.run));
 */
export function createWindows(options: WindowOptions): Windows {
  const { now, runs = MOST_RUNS, idleMs = IDLE_MS, names = MOST_NAMES } = options;
  // In the order of last use.
  const kept = new Map<string, { readonly window: Window; used: number }>();

  function sweep(): void {
    for (const [run, { used }] of kept) {
      if (kept.size <= runs && now() - used <= idleMs) return;
      kept.delete(run);
    }
  }

  return {
    of(run) {
      const known = kept.get(run);
      const fresh = known !== undefined && now() - known.used <= idleMs ? known.window : createWindow(names);
      kept.delete(run);
      kept.set(run, { window: fresh, used: now() });
      sweep();
      return fresh;
    },
    get size() {
      return kept.size;
    },
  };
}

function createWindow(names: number): Window {
  const tails = new Map<string, Tail>();
  return {
    tailOf: (name) => tails.get(name),
    remember(value) {
      for (const [name, joined] of joinTexts(textsOf(value), (known) => tails.get(known))) {
        tails.delete(name);
        tails.set(name, tailOfJoined(joined));
      }
      for (const name of tails.keys()) {
        if (tails.size <= names) break;
        tails.delete(name);
      }
    },
  };
}
