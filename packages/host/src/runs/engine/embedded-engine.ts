// The engine of a process that needs no other: the store is the queue, and each process takes from it what nobody has.
import type { RunEngine, RunRecord, RunStore } from '@pypes/contract/runs';
import type { RunTrouble } from '../options.ts';

/** What the engine stands on. */
export type EmbeddedOptions = {
  readonly store: Pick<RunStore, 'claim' | 'watch'>;
  readonly owner: string;
  readonly concurrency: number;
  readonly leaseMs: number;
  readonly now: () => number;
  readonly execute: (record: RunRecord) => Promise<void>;
  /** Runs may have been canceled elsewhere. */
  readonly onChange: () => void;
  readonly onTrouble: (trouble: RunTrouble) => void;
};

/** An engine that can be told to look at once. */
export type EmbeddedEngine = RunEngine & { recover(): Promise<void> };

/** Two looks within the time of a lease: what a worker has lost is found soon. */
const LOOKS = 2;
const FIRST_RETRY_MS = 50;

export function createEmbeddedEngine(options: EmbeddedOptions): EmbeddedEngine {
  const { store, owner, concurrency, leaseMs, now } = options;
  let active = 0;
  let failures = 0;
  let isWorking = false;
  /** There may be runs that nobody has. */
  let isWanted = false;
  let looking: Promise<void> | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let unwatch: (() => void) | undefined;

  function look(): Promise<void> {
    isWanted = true;
    if (isWorking && active < concurrency) {
      looking ??= claim().finally(() => {
        looking = undefined;
        if (isWanted && failures === 0) void look();
      });
    }
    return looking ?? Promise.resolve();
  }

  /** Never rejects. Runs that are submitted meanwhile are taken by the next round, all of them at once. */
  async function claim(): Promise<void> {
    while (isWorking && isWanted && active < concurrency) {
      isWanted = false;
      const limit = concurrency - active;
      try {
        const claimed = await store.claim(owner, { limit, now: now(), leaseMs });
        failures = 0;
        if (claimed.length >= limit) isWanted = true;
        for (const record of claimed) begin(record);
      } catch (error) {
        failures += 1;
        isWanted = true;
        options.onTrouble({ what: 'claim', error, failures });
        retry ??= setTimeout(
          () => {
            retry = undefined;
            void look();
          },
          Math.min(leaseMs / LOOKS, FIRST_RETRY_MS * 2 ** failures),
        );
        return;
      }
    }
  }

  function begin(record: RunRecord): void {
    active += 1;
    const ended = () => {
      active -= 1;
      if (isWanted) void look();
    };
    // What cannot be ended here is ended by whoever claims it when its lease is over.
    options.execute(record).then(ended, ended);
  }

  return {
    async submit() {
      void look();
    },
    async cancel() {},
    async work() {
      isWorking = true;
      timer = setInterval(() => void look(), leaseMs / LOOKS);
      unwatch = store.watch?.(() => {
        options.onChange();
        void look();
      });
      void look();
    },
    recover: look,
    async close() {
      isWorking = false;
      clearInterval(timer);
      unwatch?.();
      await looking;
      clearTimeout(retry);
    },
  };
}
