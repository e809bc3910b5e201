// How much processor time and memory processes have taken, as the system says.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readStat } from '../sandbox/proc.ts';

export type Usage = { readonly cpuMs: number; readonly memoryBytes: number };

/** By process id; those that have ended are not in it. */
export async function readUsages(pids: readonly number[]): Promise<ReadonlyMap<number, Usage>> {
  if (pids.length === 0) return new Map();
  return process.platform === 'linux' ? readFromKernel(pids) : readFromPs(pids);
}

function readFromKernel(pids: readonly number[]): ReadonlyMap<number, Usage> {
  const usages = new Map<number, Usage>();
  for (const pid of pids) {
    const stat = readStat(pid);
    const memoryBytes = readMemory(pid);
    if (stat !== undefined && memoryBytes !== undefined) usages.set(pid, { cpuMs: stat.cpuMs, memoryBytes });
  }
  return usages;
}

function readMemory(pid: number): number | undefined {
  try {
    const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return found === undefined ? undefined : Number(found) * 1024;
  } catch {
    return undefined;
  }
}

/** For macOS. */
export function readFromPs(pids: readonly number[]): Promise<ReadonlyMap<number, Usage>> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'pid=,rss=,time=', '-p', pids.join(',')], (_error, stdout) => {
      const usages = new Map<number, Usage>();
      for (const line of stdout.split('\n')) {
        const [pid, kilobytes, time] = line.trim().split(/\s+/);
        if (pid === undefined || kilobytes === undefined || time === undefined) continue;
        usages.set(Number(pid), { cpuMs: toMilliseconds(time), memoryBytes: Number(kilobytes) * 1024 });
      }
      resolve(usages);
    });
  });
}

/** `[days-][hours:]minutes:seconds[.hundredths]` */
function toMilliseconds(time: string): number {
  const [clock = '', days = '0'] = time.split('-').reverse();
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1000;
}
