// Starts one worker process: in a process group of its own, with its pipes, and nothing on stdin.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { guestEnvironment } from '../../environment.ts';
import type { Bounds, Launch } from '../options.ts';

export type Spawned = {
  readonly child: ChildProcess;
  /** Frames of the worker. A socket of their own: to write to a process that has ended loses what is still to be read. */
  readonly answers: Readable & Pick<Socket, 'ref' | 'unref'>;
  /** Frames to the worker. */
  readonly requests: Writable;
  /** Ends what was written to descriptors 1 and 2 by one call. */
  readonly mark: string;
  readonly bounds: Bounds;
  /** The worker's own process, given the one that was started. */
  readonly findWorker: (pid: number) => number | undefined;
  /** How the names of its pipes begin; without them it gets one call at a time. */
  readonly pipes?: string;
};

const MAIN = fileURLToPath(new URL('../guest/main.py', import.meta.url));
const ANSWERS = 3;
const REQUESTS = 5;
/** Descriptors 1 to 5; 4 is the worker's lifeline. */
const PIPES = 5;
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

/** One that only reads files starts without the module site, and runs it when a file imports what is no standard module. */
export function spawnWorker({ python, home, launch }: Surroundings, work: 'read' | 'run'): Spawned {
  const token = randomBytes(16).toString('hex');
  const flags = ['-X', 'utf8', ...(work === 'read' ? ['-S'] : [])];
  const plan = launch({ command: python, args: [...flags, MAIN, home, token], env: guestEnvironment() });
  const { findWorker = (pid) => pid, bounds = UNBOUNDED } = plan;
  const files = (plan.files ?? []).map((path) => openSync(path, 'r'));
  const child = spawn(plan.command, plan.args, {
    env: { ...plan.env },
    detached: true,
    stdio: ['ignore', ...Array<'pipe'>(PIPES).fill('pipe'), ...files],
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
    answers: sockets[ANSWERS - 1] as Socket,
    requests: sockets[REQUESTS - 1] as Socket,
    mark: `\0${token}\0`,
    bounds,
    findWorker,
    // What may be in anybody's hands is not trusted with tickets.
    ...(plan.bounds === undefined ? { pipes: join(home, token) } : {}),
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
