// The engine of a command: executes what it was given itself, and touches no run that another process has.
import type { ExecuteRun, RunEngine } from '@pypes/contract/runs';

/** An engine whose work can be waited for. */
export type DirectEngine = RunEngine & {
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
};

/** `cancels`: ends canceled runs that no process has any more. For commands that execute nothing else. */
export function createDirectEngine({ cancels = false }: { readonly cancels?: boolean } = {}): DirectEngine {
  let execute: ExecuteRun | undefined;
  const stop = new AbortController();
  const underWay = new Set<Promise<void>>();

  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.allSettled(underWay);
  }

  const submit: RunEngine['submit'] = async (ref) => {
    const running = execute?.(ref, stop.signal);
    if (running === undefined) return;
    underWay.add(running);
    const ended = () => void underWay.delete(running);
    running.then(ended, ended);
  };

  return {
    submit,
    async cancel(ref) {
      // A run that this process executes has been interrupted already.
      if (cancels) await submit(ref);
    },
    async work(run) {
      execute = run;
    },
    idle,
    async close() {
      stop.abort();
      await idle();
    },
  };
}
