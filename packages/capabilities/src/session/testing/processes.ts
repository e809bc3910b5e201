// The processes below another one, as Linux tells them: to see that none is left behind.
import { readdirSync, readFileSync } from 'node:fs';

export type Process = { readonly pid: number; readonly command: string };

/** All of them, grandchildren too. */
export function processesBelow(pid: number): readonly Process[] {
  const children = new Map<number, Process[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const [, parent] = /^PPid:\s+(\d+)/m.exec(read(name, 'status')) ?? [];
    const siblings = children.get(Number(parent)) ?? [];
    siblings.push({ pid: Number(name), command: read(name, 'cmdline').replaceAll('\0', ' ') });
    children.set(Number(parent), siblings);
  }
  const below = (parent: number): Process[] =>
    (children.get(parent) ?? []).flatMap((child) => [child, ...below(child.pid)]);
  return below(pid);
}

export function isRunning({ pid }: Process): boolean {
  const status = read(String(pid), 'status');
  return status !== '' && !/^State:\s+Z/m.test(status);
}

function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
