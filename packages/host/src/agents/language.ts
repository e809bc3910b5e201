// Which runtime takes a file, and which files are no agents at all (spec 1, discovery).
import type { FolderEntry, Runtime } from '@pypes/contract';

/** The runtime of a file, or undefined where the file is no agent. */
export function runtimeOf(entry: FolderEntry, runtimes: readonly Runtime[], trusted: boolean): Runtime | undefined {
  const filename = filenameOf(entry.path);
  if (/^[._]/.test(filename) || filename === 'basic_agent.py') return undefined;
  const ending = endingOf(filename);
  const byEnding = runtimes.find((runtime) => runtime.extensions.includes(ending));
  if (byEnding !== undefined) return byEnding;
  if (!trusted || !entry.executable) return undefined;
  return runtimes.find((runtime) => runtime.extensions.length === 0);
}

/** The part after the last slash. */
export function filenameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The ending with its dot, lower case; empty where there is none. */
function endingOf(filename: string): string {
  const dot = filename.lastIndexOf('.');
  return dot < 0 ? '' : filename.slice(dot).toLowerCase();
}
