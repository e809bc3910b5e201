// Where sessions lie on the disk: a folder for each provider, named after its process, so that leftovers can be told.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** `PID@HOST~ID`. */
const NAME = /^(\d+)@(.*)~[^~]+$/;

/** Makes the folder of a new provider, and removes those of processes of this machine that are no more. */
export function openRoot(root: string, id: string): string {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(root)) {
    const [, pid, host] = NAME.exec(name) ?? [];
    if (host === hostname() && !isRunning(Number(pid))) rmSync(join(root, name), { recursive: true, force: true });
  }
  const own = join(root, `${process.pid}@${hostname()}~${id}`);
  mkdirSync(own, { mode: 0o700 });
  return own;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { readonly code?: string }).code === 'EPERM';
  }
}
