// Whether a process that has not answered had a chance to: a busy machine must not look like a call that stalls.
import { readFileSync } from 'node:fs';

/** What a process computes in this time is more than what is worth waiting for. */
const ENOUGH_NS = 2_000_000;

export type Watch = {
  /** Whether the process sleeps, or has computed for long since the first look after `reset`. */
  isStalling(pid: number): boolean;
  reset(): void;
};

export function createWatch(): Watch {
  let before: number | undefined;
  return {
    isStalling(pid) {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
        if (!stat.startsWith('R', stat.lastIndexOf(')') + 2)) return true;
        const usedNs = Number.parseInt(readFileSync(`/proc/${pid}/schedstat`, 'latin1'), 10);
        before ??= usedNs;
        return usedNs - before >= ENOUGH_NS;
      } catch {
        return true;
      }
    },
    reset() {
      before = undefined;
    },
  };
}
