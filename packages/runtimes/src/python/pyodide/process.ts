// Starts one workerd: in a process group of its own, listening on a socket in a private folder, ended with its host.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { join } from 'node:path';

export type WorkerdProcess = { readonly child: ChildProcess; readonly socketPath: string };

/** The lifeline is descriptor 3: when this host dies, however it dies, it closes and the whole group is killed. */
const SCRIPT = '{ cat <&3 >/dev/null; kill -9 -$$; } 2>/dev/null & exec "$@" 3<&-';

let count = 0;

/** `config` are the arguments that name the configuration. */
export function startWorkerd(workerd: string, folder: string, config: readonly string[]): WorkerdProcess {
  const socketPath = join(folder, `${++count}.sock`);
  const args = ['serve', ...config, '--socket-addr', `host=unix:${socketPath}`];
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', workerd, ...args], {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin' },
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  child.unref();
  for (const stream of child.stdio.slice(2) as Socket[]) {
    stream.unref();
    stream.on('error', () => {});
  }
  return { child, socketPath };
}
