// Whether a pack's workers keep the processors busy: then more of them would only take turns.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** What is looked at: a process, where it runs. */
type Process = { readonly pid: number | undefined };

/**
 * Tells whether at least as many of these processes compute, or wait for a processor, as there are processors.
 * Processes that sleep or wait for others do not count. Never true where the system does not say (macOS).
 */
export function areSaturating(processes: Iterable<Process>): boolean {
  let computing = 0;
  const cores = availableParallelism();
  for (const { pid } of processes) {
    if (pid !== undefined && isComputing(pid)) computing += 1;
    if (computing >= cores) return true;
  }
  return false;
}

function isComputing(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.startsWith('R', stat.lastIndexOf(')') + 2);
  } catch {
    return false;
  }
}
