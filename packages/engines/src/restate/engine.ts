// The run engine over Restate: the run store holds the truth, Restate holds who has to do something about it.
import { PypesError } from '@pypes/contract';
import type { ExecuteRun, RunEngine, RunRef } from '@pypes/contract/runs';
import { createIngress } from './ingress.ts';
import type { RestateEngineOptions } from './options.ts';
import { startWorker, type Worker } from './worker.ts';

/**
 * Runs that any number of processes accept and any number of workers execute (spec 5, stores behind interfaces).
 *
 * A run is one invocation, known by its tenant and id: handing it on twice while it is under way changes nothing. It is
 * executed at least once. Restate calls `execute` again, on any worker, when it rejects, when its worker dies, and when a
 * node of Restate dies while the worker answers it; and once more where a run is handed on after its end. `execute` asks
 * the run store what is left to do. Its signal is aborted with a PypesError: `canceled` after {@link RunEngine.cancel},
 * `unavailable` where this worker has to let go of the run, which somebody else is then given.
 *
 * @example
 * const engine = createRestateEngine({ ingressUrl: 'http://127.0.0.1:8080', adminUrl: 'http://127.0.0.1:9070' });
 * await engine.work((ref, signal) => runs.execute(ref, signal));
 * await engine.submit({ tenant: '', run_id: 'r1' });
 */
export function createRestateEngine(options: RestateEngineOptions): RunEngine {
  const ingress = createIngress(options);
  let worker: Promise<Worker> | undefined;
  const stop = new AbortController();

  return {
    submit: (ref: RunRef) => ingress.send('run', ref),
    cancel: (ref: RunRef) => ingress.send('cancel', ref),
    async work(execute: ExecuteRun) {
      if (stop.signal.aborted) throw new PypesError('conflict', 'The engine is closed; create another one');
      if (worker !== undefined) throw new PypesError('conflict', 'This engine works already; work() is called once');
      worker = startWorker(execute, options, stop.signal);
      await worker;
    },
    async close() {
      stop.abort();
      const started = await worker?.catch(() => undefined);
      await started?.close();
    },
  };
}
