// Runs that were accepted and that an engine does not have: handed on again, by whichever process is there.
import type { RunEngine, RunStore } from '@pypes/contract/runs';
import type { RunTrouble } from '../options.ts';

/** What it stands on. */
export type HandingOn = {
  readonly store: Pick<RunStore, 'stale'>;
  readonly engine: Pick<RunEngine, 'submit'>;
  /** How often it looks, and how old a run in the queue has to be. Milliseconds. */
  readonly everyMs: number;
  readonly now: () => number;
  readonly onTrouble: (trouble: RunTrouble) => void;
};

const MOST = 500;

/** The process that accepted them may have died before it could. An engine that has one already leaves it as it is. */
export function handOnAgain({ store, engine, everyMs, now, onTrouble }: HandingOn): () => void {
  let isLooking = false;
  let failures = 0;

  async function look(): Promise<void> {
    try {
      const queuedBefore = new Date(now() - everyMs).toISOString();
      const refs = (await store.stale?.({ queuedBefore, now: now(), limit: MOST })) ?? [];
      for (const { tenant, run_id } of refs) await engine.submit({ tenant, run_id });
      failures = 0;
    } catch (error) {
      failures += 1;
      onTrouble({ what: 'submit', error, failures });
    }
  }

  const timer = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    await look();
    isLooking = false;
  }, everyMs);
  return () => clearInterval(timer);
}
