// Tells clients that a list has changed: while somebody listens, packs are looked at now and then, and after calls.

import type { McpCaller } from './caller.ts';
import { type Changes, compareOffers, isSame } from './catalog/catalogs.ts';
import type { Offers } from './catalog/offers.ts';
import type { McpCore } from './core.ts';

/** Those who listen for changes. */
export interface ChangeWatch {
  /** Until the returned function is called. */
  follow(caller: McpCaller, listener: (changes: Changes) => void): () => void;
  /** Looks soon: a call may have changed something. */
  poke(scope: string): void;
  close(): void;
}

const EVERY_MS = 2_000;
/** A call that wrote a file is followed by this much quiet. */
const SOON_MS = 50;

type Followed = {
  readonly caller: McpCaller;
  readonly listeners: Set<(changes: Changes) => void>;
  before: Offers | undefined;
  timer: ReturnType<typeof setTimeout> | undefined;
  looking: boolean;
  again: boolean;
};

/** A watch over the packs of every scope that is listened to. */
export function createChangeWatch(core: McpCore, everyMs = EVERY_MS): ChangeWatch {
  const scopes = new Map<string, Followed>();

  function schedule(scope: string, followed: Followed, ms: number): void {
    clearTimeout(followed.timer);
    followed.timer = setTimeout(() => void look(scope, followed), ms);
    // A process does not stay for this.
    (followed.timer as { unref?: () => void }).unref?.();
  }

  async function look(scope: string, followed: Followed): Promise<void> {
    if (followed.looking) {
      followed.again = true;
      return;
    }
    followed.looking = true;
    try {
      const now = await core.catalogs.read(followed.caller);
      const changes = followed.before === undefined ? undefined : compareOffers(followed.before, now);
      followed.before = now;
      if (changes !== undefined && !(isSame(changes) && changes.updated.length === 0)) {
        for (const listener of followed.listeners) listener(changes);
      }
    } catch (error) {
      core.log({ level: 'warn', event: 'mcp.look_failed', message: String(error) });
    } finally {
      followed.looking = false;
      if (scopes.get(scope) === followed) schedule(scope, followed, followed.again ? SOON_MS : everyMs);
      followed.again = false;
    }
  }

  return {
    follow(caller, listener) {
      const { scope } = caller;
      let followed = scopes.get(scope);
      if (followed === undefined) {
        followed = {
          caller,
          listeners: new Set(),
          before: core.catalogs.last(caller),
          timer: undefined,
          looking: false,
          again: false,
        };
        scopes.set(scope, followed);
        void look(scope, followed);
      }
      const { listeners } = followed;
      listeners.add(listener);
      const mine = followed;
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0 || scopes.get(scope) !== mine) return;
        clearTimeout(mine.timer);
        scopes.delete(scope);
      };
    },
    poke(scope) {
      const followed = scopes.get(scope);
      if (followed !== undefined) schedule(scope, followed, SOON_MS);
    },
    close() {
      for (const { timer } of scopes.values()) clearTimeout(timer);
      scopes.clear();
    },
  };
}
