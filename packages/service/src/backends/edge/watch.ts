// Keeps one workerd running: whatever is wrong with it, it is killed and started again on the same port, over the same data.
import { PypesError } from '@pypes/contract';
import type { Logger } from '../logger.ts';
import type { Workerd } from './start-workerd.ts';
import { type Bounds, type Senses, waitForTrouble } from './trouble.ts';

export type WatchOptions = {
  /** Starts one, on the same port each time. */
  readonly start: () => Promise<Workerd>;
  readonly bounds: Bounds;
  readonly senses: Senses;
  readonly log: Logger;
};

export interface WatchedEdge {
  readonly port: number;
  /** Ends it for good. */
  close(): Promise<void>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** One that has lived so long is not what was wrong. */
const LIVED_MS = 60_000;

/** @throws PypesError where the first one does not start */
export async function watchEdge({ start, bounds, senses, log }: WatchOptions): Promise<WatchedEdge> {
  const closing = new AbortController();
  const { signal } = closing;
  let workerd = await start();
  const { port } = workerd;

  async function watch(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    for (;;) {
      const began = performance.now();
      const trouble = await waitForTrouble(workerd, bounds, senses, signal);
      if (trouble === undefined) return;
      log({ level: 'error', event: 'edge.killed', reason: trouble.kind, message: trouble.message, pid: workerd.pid });
      workerd.kill();
      await workerd.gone;
      if (performance.now() - began > LIVED_MS) pauseMs = FIRST_PAUSE_MS;
      await restart(pauseMs);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
      log({ level: 'warn', event: 'edge.restarted', pid: workerd.pid, port });
    }
  }

  /** The port may be taken for a moment. */
  async function restart(firstPauseMs: number): Promise<void> {
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
      await senses.sleep(pauseMs, signal);
      try {
        workerd = await start();
        return;
      } catch (error) {
        if (!(error instanceof PypesError)) throw error;
        log({ level: 'error', event: 'edge.not_restarted', message: error.message });
      }
    }
  }

  const watching = watch().catch((error: unknown) => {
    if (!signal.aborted) log({ level: 'error', event: 'edge.unwatched', message: String(error) });
  });
  return {
    port,
    async close() {
      closing.abort();
      await watching;
      workerd.kill();
      await workerd.gone;
    },
  };
}
