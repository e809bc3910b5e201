// Servers in processes of their own, on one core, ready when they answer.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { cpus } from 'node:os';

/** A running server. */
export type Server = { readonly port: number; readonly process: ChildProcess; stop(): Promise<void> };

const hasTaskset = spawnSync('taskset', ['--version']).status === 0;
const SERVER_CORE = '0';
const LOAD_CORE = '1';

/** Keeps this process off the servers' core. */
export function pinLoad(): boolean {
  return hasTaskset && spawnSync('taskset', ['-cp', LOAD_CORE, String(process.pid)]).status === 0;
}

/** Gives this process, and what it starts from now on, all cores again. */
export function unpinLoad(): void {
  if (hasTaskset) spawnSync('taskset', ['-acp', `0-${cpus().length - 1}`, String(process.pid)]);
}

/** Starts a server on one core and waits until its port is open. */
export async function startServer(
  command: string,
  args: readonly string[],
  port: number,
  cwd: string,
): Promise<Server> {
  const [program, list] = hasTaskset ? ['taskset', ['-c', SERVER_CORE, command, ...args]] : [command, [...args]];
  const child = spawn(program, list, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  await waitForPort(port);
  return {
    port,
    process: child,
    stop: () =>
      new Promise((done) => {
        child.once('exit', () => done());
        child.kill('SIGTERM');
      }),
  };
}

const LONGEST_START_MS = 20_000;

async function waitForPort(port: number): Promise<void> {
  const end = performance.now() + LONGEST_START_MS;
  while (performance.now() < end) {
    if (await isOpen(port)) return;
    await new Promise((done) => setTimeout(done, 10));
  }
  throw new Error(`No server answers on port ${port}`);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}

/** Resident memory of a process in MB; undefined where the system does not say. */
export function residentMegabytes(pid: number | undefined): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
  } catch {
    return undefined;
  }
}
