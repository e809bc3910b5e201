// Starts the packaged Worker in workerd: in a process group of its own that ends with this process, however that ends.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { PypesError } from '@pypes/contract';
import { SETTING_NAMES } from '../workers/settings.ts';

export type WorkerdOptions = {
  readonly workerd: string;
  /** With `config.capnp`, `worker.mjs` and the modules beside it. */
  readonly folder: string;
  /** Where the objects lie; it has to be there. */
  readonly objects: string;
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The settings of the Worker; nothing else of an environment is handed on. */
  readonly environment: { readonly [name: string]: string | undefined };
  /** What it logs: lines, without their ends. */
  readonly onLine?: (line: string) => void;
};

export interface Workerd {
  readonly pid: number;
  readonly port: number;
  /** Resolves when it has ended, whoever ended it. */
  readonly gone: Promise<void>;
  /** SIGKILL to all of it. */
  kill(): void;
}

/** Descriptor 4 is the lifeline: when this process dies it closes, and the whole group is killed. */
const SCRIPT = '{ cat <&4 >/dev/null; kill -9 -$$; } 2>/dev/null & exec "$@" 4<&-';
const CONTROL = 3;
const START_MS = 30_000;
const LONGEST_LINE = 64 * 1024;
const MOST_SAID = 4_000;
/** What could move the cursor of a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** @throws PypesError `unavailable` where it does not listen */
export async function startWorkerd(options: WorkerdOptions): Promise<Workerd> {
  const { workerd, folder, objects, address, port, onLine = () => undefined } = options;
  const host = address.includes(':') ? `[${address}]` : address;
  const args = [
    'serve',
    'config.capnp',
    // What starts isolates for components counts as an experiment.
    '--experimental',
    `--control-fd=${CONTROL}`,
    `--socket-addr=http=${host}:${port}`,
    `--directory-path=objects=${objects}`,
  ];
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', workerd, ...args], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', ...settingsOf(options.environment) },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  let said = '';
  const take = (line: string) => {
    if (said.length < MOST_SAID) said += `${line}\n`;
    onLine(line);
  };
  for (const stream of [child.stdout, child.stderr] as Socket[]) readLines(stream, take);
  const control = child.stdio[CONTROL] as Socket;
  for (const stream of child.stdio.slice(1) as Socket[]) stream.on('error', () => undefined);
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const kill = () => killGroup(child);
  const listening = await listens(control, gone);
  if (listening === undefined) {
    kill();
    throw new PypesError('unavailable', whyNot(said, port));
  }
  return { pid: child.pid as number, port: listening, gone, kill };
}

function whyNot(said: string, port: number): string {
  if (said.includes('Address already in use'))
    return `Port ${port} is taken; stop what uses it, or choose another: --port 0`;
  const [reason = ''] = said.split('\n').filter((line) => line !== '' && !line.startsWith('stack:'));
  return `workerd does not start: ${reason || 'it said nothing'}`;
}

function settingsOf(environment: WorkerdOptions['environment']): { readonly [name: string]: string } {
  return Object.fromEntries(SETTING_NAMES.flatMap((name) => [[name, environment[name] ?? '']]));
}

/** The port, as workerd says it; undefined where it ends or says nothing. */
function listens(control: Socket, gone: Promise<void>): Promise<number | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), START_MS);
    const done = (port?: number) => {
      clearTimeout(timer);
      resolve(port);
    };
    gone.then(() => done());
    readLines(control, (line) => {
      const { event, port } = JSON.parse(line) as { readonly event?: string; readonly port?: number };
      if (event === 'listen' && port !== undefined) done(port);
    });
  });
}

function readLines(stream: Socket, take: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = (lines.pop() ?? '').slice(-LONGEST_LINE);
    for (const line of lines) take(line.replace(CONTROLS, ' '));
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nothing is left of the group.
  }
}
