// What a runtime has on this machine: an interpreter, a private folder, an inspector and a pool.
import { createInspector, type Inspector } from './inspect/inspector.ts';
import type { PythonSettings } from './options.ts';
import { createPool, type Pool } from './pool/pool.ts';
import { createHome, removeHome } from './process/home.ts';
import { findInterpreter } from './process/interpreter.ts';
import { spawnWorker } from './process/spawn.ts';
import { Worker } from './process/worker.ts';

export type Machine = {
  readonly inspector: Inspector;
  readonly pool: Pool;
  /** Ends every process and removes the folder. */
  close(): Promise<void>;
};

const NOBODY = { onReady: () => {}, onIdle: () => {}, onGone: () => {} };

export async function createMachine({ python, maxWorkers, idleMs, launch }: PythonSettings): Promise<Machine> {
  const surroundings = { python: await findInterpreter(python), home: createHome(), launch };
  const workers = new Set<Worker>();
  const onExit = () => removeHome(surroundings.home);
  process.once('exit', onExit);
  const start = () => {
    const worker = new Worker(spawnWorker(surroundings), NOBODY);
    workers.add(worker);
    worker.gone.then(() => workers.delete(worker));
    return worker;
  };
  const inspector = createInspector(start, idleMs);
  const pool = createPool({ maxWorkers, idleMs, start });
  return {
    inspector,
    pool,
    async close() {
      inspector.close();
      pool.close();
      await Promise.all([...workers].map((worker) => worker.gone));
      process.off('exit', onExit);
      removeHome(surroundings.home);
    },
  };
}
