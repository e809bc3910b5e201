// The private folder of one runtime: compiled worker modules, and memory files while calls use them.
import { lstatSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'pypes-python-';
const SETTLED_MS = 60_000;

/** Folders of hosts that were killed are looked for when nobody waits for the first call any more. Milliseconds. */
const LATER_MS = 1_000;

/** Makes the folder, readable by this user alone, and a little later removes those of hosts that were killed. */
export function createHome(): string {
  setTimeout(removeOrphans, LATER_MS).unref();
  return mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

export function removeHome(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

function removeOrphans(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(name.startsWith(PREFIX) ? name.slice(PREFIX.length).split('-')[0] : undefined);
    if (!Number.isInteger(pid) || isAlive(pid)) continue;
    const path = join(tmpdir(), name);
    try {
      const { mtimeMs, uid } = lstatSync(path);
      if (uid === process.getuid?.() && Date.now() - mtimeMs > SETTLED_MS) removeHome(path);
    } catch {
      // Another host has removed it at the same time.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
