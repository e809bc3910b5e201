// Worker processes for tests, with the list of what they executed, behind one address.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startBalancer } from './balancer.ts';
import { freePorts } from './free-ports.ts';

/** What a worker wrote down: `begin`, `end`, or the code of the reason why it was stopped. */
export type Note = { readonly what: string; readonly run_id: string; readonly pid: number; readonly at: number };

export type Workers = {
  /** The address of all of them. */
  readonly url: string;
  readonly processes: readonly ChildProcess[];
  readonly notes: () => Promise<readonly Note[]>;
  readonly stop: () => Promise<void>;
};

/** Starts `count` processes of `fixture`, which work for the Restate of `engine` (JSON of the engine's options). */
export async function startWorkers(
  fixture: string,
  count: number,
  engine: { readonly [name: string]: unknown },
  worker: { readonly [name: string]: unknown } = {},
): Promise<Workers> {
  const folder = await mkdtemp(join(tmpdir(), 'pypes-workers-'));
  const file = join(folder, 'notes.jsonl');
  await writeFile(file, '');
  const ports = await freePorts(count);
  const balancer = await startBalancer(() => ports);
  const processes = ports.map((port) => {
    const options = { ...engine, worker: { ...worker, port, url: balancer.url } };
    return spawn(process.execPath, [fixture, file, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'inherit'] });
  });
  await Promise.all(processes.map(works));
  return {
    url: balancer.url,
    processes,
    async notes() {
      // The last line may be half written.
      const lines = (await readFile(file, 'utf8'))
        .split('\n')
        .slice(0, -1)
        .filter((line) => line !== '');
      return lines.map((line) => JSON.parse(line) as Note);
    },
    async stop() {
      await Promise.all(processes.map(ended));
      await balancer.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A worker says when it works; one that cannot says why on its own, and nobody waits for it. */
async function works(process: ChildProcess): Promise<void> {
  const gone = once(process, 'exit').then(([code, signal]) => {
    throw new Error(`A worker ended before it worked: ${code ?? signal}`);
  });
  await Promise.race([once(process.stdout!, 'data'), gone]);
  gone.catch(() => undefined);
}

async function ended(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  process.kill('SIGKILL');
  await once(process, 'exit');
}
