// How a workerd on this machine is looked at from outside.
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { readUsages } from '@pypes/runtimes/python';
import type { Senses } from './trouble.ts';

/** Over HTTP, and by what the system says of the process. */
export function createSenses(address: string): Senses {
  return {
    answers: (port, withinMs) => answers(address, port, withinMs),
    memoryOf: async (pid) => (await readUsages([pid])).get(pid)?.memoryBytes,
    sleep: async (ms, signal) => sleep(ms, undefined, { signal }),
  };
}

/** A connection of its own: one that was kept would say nothing about whoever comes next. */
function answers(address: string, port: number, withinMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request({ host: address, port, method: 'HEAD', path: '/', agent: false });
    const timer = setTimeout(() => done(false), withinMs);
    const done = (isAnswered: boolean) => {
      clearTimeout(timer);
      asking.destroy();
      resolve(isAnswered);
    };
    asking.on('response', () => done(true));
    // Nobody listens: then the process has ended, or is about to, and that is seen elsewhere.
    asking.on('error', () => done(true));
    asking.end();
  });
}
