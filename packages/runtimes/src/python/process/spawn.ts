// Starts one worker process: in a process group of its own, with its pipes, and nothing on stdin.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { guestEnvironment } from '../../environment.ts';
import type { Bounds, Launch } from '../options.ts';

export type Spawned = {
  readonly child: ChildProcess;
  /** Frames both ways. */
  readonly socket: Duplex & Pick<Socket, 'ref' | 'unref'>;
  /** Ends what was written to descriptors 1 and 2 by one call. */
  readonly mark: string;
  readonly bounds: Bounds;
  /** The worker's own process, given the one that was started. */
  readonly findWorker: (pid: number) => number | undefined;
};

const MAIN = fileURLToPath(new URL('../guest/main.py', import.meta.url));
const PROTOCOL = 3;
/** Descriptors 1 to 4. */
const PIPES = 4;
const UNBOUNDED: Bounds = {
  frameBytes: 512 * 1024 * 1024,
  frameValues: Number.POSITIVE_INFINITY,
  outputBytes: Number.POSITIVE_INFINITY,
  notices: Number.POSITIVE_INFINITY,
};

/** What the worker needs to know of its surroundings. */
export type Surroundings = {
  readonly python: string;
  readonly home: string;
  readonly launch: (plan: Launch) => Launch;
};

export function spawnWorker({ python, home, launch }: Surroundings): Spawned {
  const token = randomBytes(16).toString('hex');
  const plan = launch({ command: python, args: ['-X', 'utf8', MAIN, home, token], env: guestEnvironment() });
  const { findWorker = (pid) => pid, bounds = UNBOUNDED } = plan;
  const files = (plan.files ?? []).map((path) => openSync(path, 'r'));
  const child = spawn(plan.command, plan.args, {
    env: { ...plan.env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', ...files],
  });
  for (const file of files) closeSync(file);
  child.unref();
  const sockets = child.stdio.slice(1, 1 + PIPES) as Socket[];
  for (const socket of sockets) {
    socket.unref();
    socket.on('error', () => {});
  }
  return {
    child,
    socket: sockets[PROTOCOL - 1] as Socket,
    mark: `\0${token}\0`,
    bounds,
    findWorker,
  };
}

/** Ends the worker and every process that it started, unless one has left the group. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing is left of the group.
  }
}
