// Makes this machine ready for Pyodide: workerd found, its parts and a snapshot in a private folder, a pool of processes.
import { randomBytes } from 'node:crypto';
import { PypesError } from '@pypes/contract';
import { createInspector } from '../inspect/inspector.ts';
import type { Machine } from '../machine.ts';
import { createPool } from '../pool/pool.ts';
import { createHome, removeHome } from '../process/home.ts';
import type { Spawned } from '../process/spawn.ts';
import { Worker } from '../process/worker.ts';
import { openLink } from './link.ts';
import { watchWorkers } from './meter.ts';
import type { PyodideSettings } from './options.ts';
import { startWorkerd } from './process.ts';
import { provideSnapshot } from './snapshot.ts';
import { findWorkerd } from './workerd.ts';

const NOBODY = { onReady: () => {}, onIdle: () => {}, onGone: () => {} };
const MEBIBYTE = 1024 * 1024;
const BOUNDS = {
  frameBytes: 64 * MEBIBYTE,
  frameValues: 16 * MEBIBYTE,
  outputBytes: 8 * MEBIBYTE,
  notices: 100_000,
};

/** @throws PypesError `agent_broken` where workerd is missing or does not start Pyodide */
export async function createPyodideMachine(settings: PyodideSettings): Promise<Machine> {
  const { maxWorkers, idleMs, cache } = settings;
  const workerd = settings.workerd ?? findWorkerd();
  if (workerd === undefined) throw new PypesError('agent_broken', MISSING);
  const home = createHome();
  const onExit = () => removeHome(home);
  process.once('exit', onExit);
  const close = () => {
    process.off('exit', onExit);
    removeHome(home);
  };
  const snapshot = await provideSnapshot(workerd, home, cache).catch((error: unknown) => {
    close();
    throw error;
  });
  const workers = new Set<Worker>();
  const unwatch = watchWorkers(workers);
  const start = () => {
    const worker = new Worker(spawnPyodide(workerd, home, snapshot), NOBODY);
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
      unwatch();
      close();
    },
  };
}

const MISSING =
  'Python files of others need a sandbox, and neither bubblewrap nor workerd is here; ' +
  'install bubblewrap (Linux), or workerd (pypes parts add pyodide), or name one in PYPES_WORKERD';

function spawnPyodide(workerd: string, home: string, snapshot: string): Spawned {
  const { child, socketPath } = startWorkerd(workerd, home, ['--binary', snapshot]);
  const link = openLink(socketPath);
  const mark = `\0${randomBytes(16).toString('hex')}\0`;
  return { child, answers: link, requests: link, mark, bounds: BOUNDS, findWorker: (pid) => pid };
}
