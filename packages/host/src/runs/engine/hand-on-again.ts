// Runs that were accepted and that an engine does not have: handed on again, by whichever process is there.
import type { RunEngine, RunRef, RunStore } from '@pypes/contract/runs';
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

const MOST = 5_000;
/** A run that waits because others are before it is there at every look, and an engine keeps what it was given. */
const LOOKS = 20;

/** The process that accepted them may have died before it could. An engine that has one already leaves it as it is. */
export function handOnAgain({ store, engine, everyMs, now, onTrouble }: HandingOn): () => void {
  /** The look at which this process handed a run on. */
  let handed = new Map<string, number>();
  let looks = 0;
  let isLooking = false;
  let failures = 0;

  async function look(): Promise<void> {
    looks += 1;
    const queuedBefore = new Date(now() - everyMs).toISOString();
    const refs = (await store.stale?.({ queuedBefore, now: now(), limit: MOST })) ?? [];
    // What is not there any more has begun, or ended.
    const there = new Set(refs.map(keyOf));
    handed = new Map([...handed].filter(([key, at]) => there.has(key) && looks - at < LOOKS));
    for (const { tenant, run_id } of refs) {
      const key = keyOf({ tenant, run_id });
      if (handed.has(key)) continue;
      await engine.submit({ tenant, run_id });
      handed.set(key, looks);
    }
    failures = 0;
  }

  const timer = setInterval(async () => {
    if (isLooking) return;
    isLooking = true;
    await look().catch((error: unknown) => {
      failures += 1;
      onTrouble({ what: 'submit', error, failures });
    });
    isLooking = false;
  }, everyMs);
  return () => clearInterval(timer);
}

function keyOf({ tenant, run_id: id }: RunRef): string {
  return `${tenant}/${id}`;
}
