// The engine of a command: executes what it was given itself, and touches no run that somebody else has begun.
import type { ExecuteRun, RunEngine } from '@pypes/contract/runs';

export function createDirectEngine(): RunEngine {
  let execute: ExecuteRun | undefined;
  const stop = new AbortController();
  const underWay = new Set<Promise<void>>();

  return {
    async submit(ref) {
      const running = execute?.(ref, stop.signal);
      if (running === undefined) return;
      underWay.add(running);
      const ended = () => void underWay.delete(running);
      running.then(ended, ended);
    },
    async cancel() {
      // The run is here, or nowhere that this engine could reach.
    },
    async work(run) {
      execute = run;
    },
    async close() {
      stop.abort();
      await Promise.allSettled(underWay);
    },
  };
}
