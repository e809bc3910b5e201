// What the host's kernel says of a process in a sandbox: nothing that the process itself could forge.
import { readdirSync, readFileSync, statfsSync } from 'node:fs';
import { INSIDE } from './layout.ts';

/** The one process in the sandbox of a bubblewrap process; undefined while it starts, and where it has ended. */
export function findInside(outer: number): number | undefined {
  try {
    const children = readFileSync(`/proc/${outer}/task/${outer}/children`, 'latin1');
    const pid = Number.parseInt(children, 10);
    return Number.isNaN(pid) ? undefined : pid;
  } catch {
    return findByParent(outer);
  }
}

/** For kernels that keep no list of children. */
function findByParent(outer: number): number | undefined {
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (Number.isInteger(pid) && readStat(pid)?.parent === outer) return pid;
  }
  return undefined;
}

export type Stat = { readonly parent: number; readonly cpuMs: number; readonly threads: number };

/** The kernel's clock for this file ticks a hundred times a second on every Linux that Node runs on. */
const TICK_MS = 10;

export function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, which may hold anything, ends with the last parenthesis; the third field follows.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const field = (number: number) => Number(fields[number - 3]);
    return { parent: field(4), cpuMs: (field(14) + field(15)) * TICK_MS, threads: field(20) };
  } catch {
    return undefined;
  }
}

/** How many files lie in the sandbox's writable place: each takes memory of the kernel, even an empty one. */
export function countFiles(pid: number): number {
  try {
    const { files, ffree } = statfsSync(`/proc/${pid}/root${INSIDE.home}`);
    return files - ffree;
  } catch {
    return 0;
  }
}
