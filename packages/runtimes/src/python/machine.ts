// What a runtime has on this machine: an interpreter, a private folder, an inspector and a pool.
import { createInspector, type Inspector } from './inspect/inspector.ts';
import type { Launch, PythonSettings } from './options.ts';
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

/** What a sandbox makes of a machine. */
export type Confinement = {
  /** Puts a worker into a sandbox. */
  readonly launch: (plan: Launch) => Launch;
  /** Looks after the workers until the returned function is called. */
  watch(workers: ReadonlySet<Worker>): () => void;
};

const NOBODY = { onReady: () => {}, onIdle: () => {}, onGone: () => {} };

export async function createMachine(
  settings: Omit<PythonSettings, 'startsEarly'>,
  confine?: (python: string, home: string) => Promise<Confinement>,
): Promise<Machine> {
  const { maxWorkers, idleMs } = settings;
  const python = await findInterpreter(settings.python);
  const home = createHome();
  const onExit = () => removeHome(home);
  process.once('exit', onExit);
  const confinement = await confine?.(python, home).catch((error: unknown) => {
    process.off('exit', onExit);
    removeHome(home);
    throw error;
  });
  const surroundings = { python, home, launch: confinement?.launch ?? settings.launch };
  const workers = new Set<Worker>();
  const unwatch = confinement?.watch(workers);
  const start = (work: 'read' | 'run') => {
    const worker = new Worker(spawnWorker(surroundings, work), NOBODY);
    workers.add(worker);
    worker.gone.then(() => workers.delete(worker));
    return worker;
  };
  const inspector = createInspector(() => start('read'), idleMs);
  const pool = createPool({ maxWorkers, idleMs, start: () => start('run') });
  return {
    inspector,
    pool,
    async close() {
      inspector.close();
      pool.close();
      await Promise.all([...workers].map((worker) => worker.gone));
      unwatch?.();
      process.off('exit', onExit);
      removeHome(home);
    },
  };
}
